/** The parts of the books, in the order they are offered. */
export const PARTS = ['epochs', 'accounts', 'entries', 'policies', 'files', 'audit'] as const;
export type Part = (typeof PARTS)[number];

/** What is looked at: a part of the books, or one thing in it (an epoch, an account, an entry). */
export interface Place {
  readonly part: Part;
  readonly name: string | null;
}

/** The place an address names after its #; the first part where it names none. */
export function placeOf(hash: string): Place {
  const [, part = '', name = ''] = /^#([a-z]+)(?:\/(.*))?$/s.exec(hash) ?? [];
  const known = PARTS.find((one) => one === part);
  if (known === undefined) return { part: PARTS[0], name: null };
  return { part: known, name: name === '' ? null : unescaped(name) };
}

export function addressOf(part: Part, name: string | null = null): string {
  return name === null ? `#${part}` : `#${part}/${encodeURIComponent(name)}`;
}

/** An address cut off in the middle of an escape is taken as it stands. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
