/**
 * How the log's key compares with the one this browser saw at this address before; `handed-on`: the key seen before has signed that
 * this one takes over.
 */
export type KeyMemory = 'first' | 'same' | 'handed-on' | 'changed' | 'unknown';

/** The part of `Storage` that is used; a browser may refuse all of it. */
export interface KeyStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const STORAGE_NAME = 'jamnet-log-key';

/** The log's own list of changes of its key; `null` where there is none. */
export type ReadKeyChanges = () => Promise<Uint8Array | null>;

/** Compares, and remembers a key seen for the first time: whoever changes it later is noticed. */
export async function rememberKey(
  store: KeyStore,
  vkey: string,
  readChanges: ReadKeyChanges = fetchKeyChanges,
): Promise<KeyMemory> {
  try {
    const before = store.getItem(STORAGE_NAME);
    if (before === vkey) return 'same';
    if (before !== null && !(await leadsTo(readChanges, before, vkey))) return 'changed';
    store.setItem(STORAGE_NAME, vkey);
    return before === null ? 'first' : 'handed-on';
  } catch {
    return 'unknown';
  }
}

async function leadsTo(readChanges: ReadKeyChanges, before: string, vkey: string): Promise<boolean> {
  const changes = await readChanges();
  if (changes === null) return false;
  // Signatures are checked by code that pages fetch only when a key did change.
  const { followKeys } = await import('@jamnet/ledger/verifier');
  const followed = followKeys(changes, before);
  return followed.ok && followed.value.at(-1) === vkey;
}

async function fetchKeyChanges(): Promise<Uint8Array | null> {
  const answer = await fetch('/public/log/keys.json').catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/** Takes a changed key as the one to compare with from now on. */
export function replaceKey(store: KeyStore, vkey: string): void {
  try {
    store.setItem(STORAGE_NAME, vkey);
  } catch {
    // A browser without storage compares nothing anyway.
  }
}
