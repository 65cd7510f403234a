import { useSyncExternalStore } from 'react';
import type { Uploaded } from './contract.ts';
import type { Part } from './parts.ts';

/** A receipt under way in this window: kept while one looks at other pages, and over a reload. */
export interface Receipt {
  /** Whose: another account that signs in here does not see it. */
  readonly login: string;
  readonly uploaded: Uploaded;
  readonly parts: readonly Part[];
}

const KEY = 'quanbao.receipt';
const listeners = new Set<() => void>();
let current = restore();

function restore(): Receipt | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Rows of people stay in memory: what is written down for a reload holds headings only. */
function keep(receipt: Receipt | undefined): void {
  if (!receipt) {
    sessionStorage.removeItem(KEY);
    return;
  }
  const { uploaded } = receipt;
  const tables = uploaded.tables.map((table) => ({ ...table, sample: [] }));
  sessionStorage.setItem(KEY, JSON.stringify({ ...receipt, uploaded: { ...uploaded, tables } }));
}

export function setReceipt(receipt: Receipt | undefined): void {
  current = receipt;
  keep(receipt);
  for (const tell of listeners) tell();
}

export function changePart(key: string, change: Partial<Part>): void {
  if (!current) return;
  const parts = current.parts.map((part) => (part.key === key ? { ...part, ...change } : part));
  setReceipt({ ...current, parts });
}

export function dropPart(key: string): void {
  if (!current) return;
  const parts = current.parts.filter((part) => part.key !== key);
  setReceipt(parts.length === 0 ? undefined : { ...current, parts });
}

/** Takes a file out of the list it was put with: it is a list by itself. */
export function splitPart(key: string, file: string): void {
  if (!current) return;
  const parts = current.parts.flatMap((part): Part[] => {
    const { intention } = part;
    if (part.key !== key || (intention.files?.length ?? 0) < 2) return [part];
    const rest = intention.files?.filter((name) => name !== file) ?? [];
    const { trial: _, receipt: __, ...kept } = part;
    return [
      { ...kept, intention: { ...intention, files: rest } },
      { key: `${key} ${file}`, intention: { ...intention, files: [file] } },
    ];
  });
  setReceipt({ ...current, parts });
}

export function useReceipt(login: string): Receipt | undefined {
  const receipt = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => current,
  );
  return receipt?.login === login ? receipt : undefined;
}
