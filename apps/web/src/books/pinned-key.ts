/** How the log's key compares with the one this browser saw at this address before. */
export type KeyMemory = 'first' | 'same' | 'changed' | 'unknown';

/** The part of `Storage` that is used; a browser may refuse all of it. */
export interface KeyStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const STORAGE_NAME = 'jamnet-log-key';

/** Compares, and remembers a key seen for the first time: whoever changes it later is noticed. */
export function rememberKey(store: KeyStore, vkey: string): KeyMemory {
  try {
    const before = store.getItem(STORAGE_NAME);
    if (before === null) {
      store.setItem(STORAGE_NAME, vkey);
      return 'first';
    }
    return before === vkey ? 'same' : 'changed';
  } catch {
    return 'unknown';
  }
}

/** Takes a changed key as the one to compare with from now on. */
export function replaceKey(store: KeyStore, vkey: string): void {
  try {
    store.setItem(STORAGE_NAME, vkey);
  } catch {
    // A browser without storage compares nothing anyway.
  }
}
