/** A refusal a user can cause: what happened, where, and what to do next. Never holds an ID number. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(code: string, message: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, message } };
}

/** Carries a refusal out of nested calls; a use-case turns it back into a `Result` at its edge. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.problem = { code, message };
  }
}
