import { useCallback, useEffect, useState } from 'react';
import type { Answer } from '../api/endpoints.ts';
import type { Page } from './books-api.ts';

/** The pages of a list that have been asked for, one after the other. */
export interface Pages<T> {
  readonly rows: readonly T[];
  readonly status: 'asking' | 'answered' | 'refused';
  readonly message: string;
  /** There is another page. */
  readonly hasMore: boolean;
  /** Asks for the next page, or once more for the one that was refused. */
  readonly more: () => void;
}

interface Held<T> {
  readonly load: unknown;
  readonly rows: readonly T[];
  readonly next: string | null;
  readonly status: Pages<T>['status'];
  readonly message: string;
}

/** Asks for the first page when shown and whenever `load` changes (wrap it in `useCallback`). */
export function usePages<T>(load: (after: string | null) => Answer<Page<T>>): Pages<T> {
  const [held, setHeld] = useState<Held<T>>(() => begun(load));
  const ask = useCallback(
    async (after: string | null) => {
      const answer = await load(after);
      // An answer to what is no longer asked is left aside.
      setHeld((before) => {
        if (before.load !== load) return before;
        if (!answer.ok) return { ...before, status: 'refused', message: answer.message };
        const { rows, next } = answer.value;
        return { ...before, rows: [...before.rows, ...rows], next, status: 'answered' };
      });
    },
    [load],
  );
  useEffect(() => {
    setHeld(begun(load));
    void ask(null);
  }, [load, ask]);
  const more = (): void => {
    if (held.status === 'asking') return;
    setHeld({ ...held, status: 'asking' });
    void ask(held.next);
  };
  const { rows, next, status, message } = held;
  return { rows, status, message, hasMore: next !== null, more };
}

function begun<T>(load: unknown): Held<T> {
  return { load, rows: [], next: null, status: 'asking', message: '' };
}
