import { useState } from 'react';

interface Done {
  readonly ok: boolean;
  readonly message?: string;
}

interface Act {
  readonly isBusy: boolean;
  /** Why the last act was refused; null while one runs and after one that was not. */
  readonly complaint: string | null;
  /** Waits for what a button has begun; resolves to whether it was done. */
  readonly act: (begun: Promise<Done>) => Promise<boolean>;
}

/** What a view with buttons knows of their doing: whether one runs, and why the last was refused. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const act = async (begun: Promise<Done>): Promise<boolean> => {
    setBusy(true);
    setComplaint(null);
    const { ok, message } = await begun.finally(() => setBusy(false));
    if (!ok) setComplaint(message ?? null);
    return ok;
  };
  return { isBusy, complaint, act };
}
