const FRAGMENT = '#join=';
const CHARACTERS_MAX = 512;

/** The invitation in a page's address, or `null`. It stands in the fragment, which browsers send to nobody. */
export function invitationOf(hash: string): string | null {
  const text = hash.startsWith(FRAGMENT) ? hash.slice(FRAGMENT.length) : '';
  return /^[\w.-]+$/.test(text) && text.length <= CHARACTERS_MAX ? text : null;
}

/** The same from what somebody pasted: a whole link or the invitation alone. */
export function invitationIn(pasted: string): string | null {
  const text = pasted.trim();
  const at = text.indexOf(FRAGMENT);
  return invitationOf(at < 0 ? `${FRAGMENT}${text}` : text.slice(at));
}
