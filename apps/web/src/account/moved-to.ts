/** Parts of this page that have pages of their own now, by what addresses named them after the #. */
const MOVED: Readonly<Record<string, string>> = {
  '#wallet': '/wallet/',
  '#machines': '/nodes/',
};

/** Where an address of before leads to now; null where it is this page's. */
export function movedTo(hash: string): string | null {
  return Object.hasOwn(MOVED, hash) ? (MOVED[hash] ?? null) : null;
}
