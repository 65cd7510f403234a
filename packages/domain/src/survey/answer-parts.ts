import { willingOf } from '../coverage/answer.ts';
import type { Content } from '../coverage/claim.ts';

/** What an answer says about the person's situation and about his will; '' where it says nothing of it. */
function partsOf(content: Content): { situation: string; will: string } {
  const { w, t } = content;
  const bare = w === undefined || w === 'willing' || w === 'refuses' || w === 'unknown';
  return {
    situation: `${bare ? '' : w}${t === undefined ? '' : `+${t.join()}`}`,
    will: willingOf(content) ?? '',
  };
}

/** Whether it answers at all; a telephone number or a village alone does not. */
export function saysAnswer(content: Content): boolean {
  return (
    (content.w !== undefined && content.w !== 'unknown') || content.i !== undefined || content.t !== undefined
  );
}

/** Whether the later one says nothing that the earlier did not: the same answer, be it in fewer words. */
export function sameAnswer(before: Content, next: Content): boolean {
  const [a, b] = [partsOf(before), partsOf(next)];
  if (a.situation === b.situation) return b.will === '' || a.will === b.will;
  return b.situation === '' && b.will !== '' && a.will === b.will;
}

/** The will that the later one adds to an answer that says none; somebody seen alive may be willing or not. */
export function addedWill(before: Content, next: Content): Content['i'] {
  const [a, b] = [partsOf(before), partsOf(next)];
  const agrees = a.situation === b.situation || (a.situation === 'alive' && b.situation === '');
  return agrees && a.will === '' && b.will !== '' ? (b.will as Content['i']) : undefined;
}
