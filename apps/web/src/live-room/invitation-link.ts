const FRAGMENT = '#join=';
const CHARACTERS_MAX = 512;

/** The invitation in a page's address, or `null`. It stands in the fragment, which browsers send to nobody. */
export function invitationOf(hash: string): string | null {
  const text = hash.startsWith(FRAGMENT) ? hash.slice(FRAGMENT.length) : '';
  return /^[\w.-]+$/.test(text) && text.length <= CHARACTERS_MAX ? text : null;
}
