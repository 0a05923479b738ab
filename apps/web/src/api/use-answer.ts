import { useCallback, useEffect, useState } from 'react';
import type { Answer } from './endpoints.ts';

export type Asked<T> =
  | { readonly status: 'asking' }
  | { readonly status: 'answered'; readonly value: T }
  | { readonly status: 'refused'; readonly code: string; readonly message: string };

/** Asks when shown and whenever `ask` changes (wrap it in `useCallback`); `again` repeats a refused question. */
export function useAnswer<T>(ask: () => Answer<T>): { readonly asked: Asked<T>; readonly again: () => void } {
  const [asked, setAsked] = useState<Asked<T>>({ status: 'asking' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what `again` changes to ask once more.
  useEffect(() => {
    let current = true;
    ask().then((answer) => {
      if (!current) return;
      setAsked(
        answer.ok
          ? { status: 'answered', value: answer.value }
          : { status: 'refused', code: answer.code, message: answer.message },
      );
    });
    return () => {
      current = false;
    };
  }, [ask, attempt]);
  const again = useCallback(() => setAttempt((number) => number + 1), []);
  return { asked, again };
}
