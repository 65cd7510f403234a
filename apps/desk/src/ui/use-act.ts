import { useState } from 'react';

export interface Act {
  readonly busy: boolean;
  /** Why the last attempt failed. */
  readonly failure: unknown;
  /** @returns whether it went well */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

/** Something a button does at the server: whether it is under way, and why it failed. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  return {
    busy,
    failure,
    run: async (work) => {
      setBusy(true);
      setFailure(undefined);
      try {
        await work();
        return true;
      } catch (error) {
        setFailure(error);
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setFailure(undefined),
  };
}
