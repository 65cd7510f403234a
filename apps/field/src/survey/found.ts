import { type FoundGiven, readFound } from '@quanbao/domain/survey/found';
import type { Command, Entry, StrangerCommand } from '../outbox/outbox.ts';
import { commandOf, type Draft } from './answer.ts';

/** What stands in the form of somebody found. */
export interface FoundDraft {
  readonly name: string;
  readonly id: string;
  /** 证件号不详 */
  readonly unknown: boolean;
  readonly birth: string;
  readonly sex: '' | 'male' | 'female';
  readonly village: string;
  readonly address: string;
  readonly relation: string;
}

export const NOBODY: FoundDraft = {
  name: '',
  id: '',
  unknown: false,
  birth: '',
  sex: '',
  village: '',
  address: '',
  relation: '',
};

function givenOf(draft: FoundDraft, phone: string): FoundGiven {
  const { name, village, address, relation } = draft;
  return {
    name,
    village,
    address,
    relation,
    ...(phone.trim() && { phone }),
    ...(draft.unknown
      ? { birth: draft.birth, ...(draft.sex && { sex: draft.sex }) }
      : { id: draft.id.trim() }),
  };
}

/** What the server would refuse, while there is still somebody to ask. */
export function foundFault(draft: FoundDraft, phone: string, today: string): string | undefined {
  const read = readFound(givenOf(draft, phone), today);
  return typeof read === 'string' ? read : undefined;
}

/** @param of the person and his telephone as they stand in the form, free of faults; the day @param before what this corrects */
export function foundCommandOf(
  answer: Draft,
  of: { readonly draft: FoundDraft; readonly phone: string; readonly today: string },
  made: { readonly at: Date; readonly media: readonly string[]; readonly command: string },
  before: Command | undefined,
): StrangerCommand {
  const read = readFound(givenOf(of.draft, of.phone), of.today);
  if (typeof read === 'string') throw new Error(read);
  const bare = { ...answer, phone: '', village: '' };
  const { person: _, ...answered } = commandOf(bare, 0, made.at, made.media, made.command);
  const { id, phone, birth, sex, ...rest } = read;
  return {
    ...answered,
    found: { ...rest, ...(phone && { phone }), ...(id === undefined ? { birth, sex } : { id }) },
    ...(before && { instead: before.command }),
  };
}

export function foundDraftOf({ found }: StrangerCommand): FoundDraft {
  return {
    name: found.name,
    id: found.id ?? '',
    unknown: found.id === undefined,
    birth: found.birth ?? '',
    sex: found.sex ?? '',
    village: found.village,
    address: found.address,
    relation: found.relation,
  };
}

/** Those this phone found, the newest first. */
export function strangersOf(entries: readonly Entry[]): (Entry & { readonly command: StrangerCommand })[] {
  return entries
    .filter((entry): entry is Entry & { command: StrangerCommand } => entry.command.found !== undefined)
    .reverse();
}
