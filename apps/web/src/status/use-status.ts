import { useCallback, useEffect, useState } from 'react';
import { askStatus, type Status } from './status-api.ts';

/** Between two questions of a page that is looked at, ms; the studio itself looks once a second at most. */
const REFRESH_MS = 5_000;

export interface Seen {
  /** What was answered last; null before the first answer. */
  readonly status: Status | null;
  /** Why the newest question was not answered; null when it was. */
  readonly complaint: string | null;
  readonly again: () => void;
}

/** The studio's status, asked anew while the page is visible and at once when it becomes so. */
export function useStatus(): Seen {
  const [status, setStatus] = useState<Status | null>(null);
  const [complaint, setComplaint] = useState<string | null>(null);
  const ask = useCallback(async (): Promise<void> => {
    const answer = await askStatus();
    if (answer.ok) setStatus(answer.value);
    setComplaint(answer.ok ? null : answer.message);
  }, []);
  useEffect(() => {
    const askIfSeen = (): void => {
      if (document.visibilityState === 'visible') void ask();
    };
    askIfSeen();
    const timer = setInterval(askIfSeen, REFRESH_MS);
    document.addEventListener('visibilitychange', askIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askIfSeen);
    };
  }, [ask]);
  return { status, complaint, again: () => void ask() };
}
