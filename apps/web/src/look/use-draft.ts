import { useState } from 'react';

type Fields = Readonly<Record<string, string>>;

interface Draft<T extends Fields> {
  readonly draft: T;
  readonly write: (changed: Partial<T>) => void;
  /** As it was empty: after what was written has been sent. */
  readonly clear: () => void;
}

/**
 * What somebody has written into a form, kept by this tab until it is sent: a reload loses nothing. Not for anybody's
 * personal data, which must not lie in a browser.
 */
export function useDraft<T extends Fields>(name: string, empty: T): Draft<T> {
  const key = `jamnet-draft-${name}`;
  const [draft, setDraft] = useState<T>(() => draftOf(readKept(key), empty));
  const keep = (next: T): void => {
    setDraft(next);
    try {
      sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // No storage, or none left: the form works all the same.
    }
  };
  return { draft, write: (changed) => keep({ ...draft, ...changed }), clear: () => keep(empty) };
}

function readKept(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** The kept fields that the form has; what is missing or no text is empty. */
export function draftOf<T extends Fields>(kept: string | null, empty: T): T {
  let read: unknown;
  try {
    read = JSON.parse(kept ?? 'null');
  } catch {
    return empty;
  }
  if (typeof read !== 'object' || read === null) return empty;
  const known = Object.entries(read).filter(
    ([name, value]) => Object.hasOwn(empty, name) && typeof value === 'string',
  );
  return { ...empty, ...Object.fromEntries(known) };
}
