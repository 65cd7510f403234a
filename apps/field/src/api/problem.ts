/** What the server refused, or why it could not be asked; `message` is for the worker. */
export class Problem extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
  }
}
