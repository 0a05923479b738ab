export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Entries read at most; a longer file is a mistake or an attack. */
export const MAILMAP_ENTRIES_MAX = 20_000;

interface Entry {
  readonly properName: string | null;
  readonly properEmail: string | null;
}

/** Maps a commit identity to the person's proper one, by the rules of gitmailmap(5). */
export type Mailmap = (identity: Identity) => Identity;

/**
 * Reads `.mailmap`: `Proper Name <commit@>`, `<proper@> <commit@>`, `Proper Name <proper@> <commit@>` and
 * `Proper Name <proper@> Commit Name <commit@>`. Names and addresses match without regard to ASCII case; later lines win.
 */
export function parseMailmap(text: string): Mailmap {
  const entries = new Map<string, Entry>();
  for (const line of text.split(/\r?\n/)) {
    if (entries.size >= MAILMAP_ENTRIES_MAX) break;
    const match = /^([^<#]*)<([^>]*)>(?:([^<]*)<([^>]*)>)?/.exec(line);
    if (line.startsWith('#') || match === null) continue;
    addEntry(entries, match);
  }
  return (identity) => {
    const entry =
      entries.get(keyOf(identity.email, identity.name)) ?? entries.get(keyOf(identity.email, null)) ?? null;
    return {
      name: entry?.properName ?? identity.name,
      email: entry?.properEmail ?? identity.email,
    };
  };
}

function addEntry(entries: Map<string, Entry>, match: RegExpExecArray): void {
  const [name1, email1, name2, email2] = [match[1], match[2], match[3], match[4]].map(
    (part) => part?.trim() ?? '',
  );
  const properName = name1 === undefined || name1 === '' ? null : name1;
  const twoAddresses = match[4] !== undefined;
  const commitEmail = (twoAddresses ? email2 : email1) ?? '';
  const commitName = twoAddresses && name2 !== undefined && name2 !== '' ? name2 : null;
  const key = keyOf(commitEmail, commitName);
  const earlier = entries.get(key);
  entries.set(key, {
    properName: properName ?? earlier?.properName ?? null,
    properEmail: twoAddresses && email1 !== undefined ? email1 : (earlier?.properEmail ?? null),
  });
}

function keyOf(email: string, name: string | null): string {
  return `${lower(email)}\n${name === null ? '' : lower(name)}`;
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
