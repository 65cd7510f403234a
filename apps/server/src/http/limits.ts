const MB = 1024 * 1024;

/** What may come in: so much that a county's lists pass, and no account fills the disk. */
export interface Limits {
  /** Files of one upload. */
  readonly files: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files of one upload. */
  readonly uploadBytes: number;
  /** Uploads of one account that are kept for it, those on their way among them, and their bytes. */
  readonly kept: number;
  readonly keptBytes: number;
  /** How long a request may have waited for the processor, in milliseconds, before new ones are told to come later; 0: for ever. */
  readonly waitMs: number;
}

export const LIMITS: Limits = {
  files: 40,
  fileBytes: 300 * MB,
  uploadBytes: 1024 * MB,
  kept: 5,
  keptBytes: 2048 * MB,
  waitMs: 5_000,
};
