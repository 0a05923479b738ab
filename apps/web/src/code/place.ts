/** The parts of the page, in the order in which they are offered. */
export const PARTS = ['repositories', 'claims', 'bounties', 'filing'] as const;
export type Part = (typeof PARTS)[number];

/** A part of the page, and a repository by its name in addresses where one is looked at. */
export interface Place {
  readonly part: Part;
  readonly slug: string | null;
}

/** The place an address names after its #; the first part where it names none. */
export function placeOf(hash: string): Place {
  const [, name = '', slug = null] = /^#([a-z]+)(?:\/([a-z0-9._-]{1,300}))?$/.exec(hash) ?? [];
  const part = PARTS.find((each) => each === name) ?? PARTS[0];
  return { part, slug: part === 'repositories' ? slug : null };
}

/** Which parts somebody has business in. */
export function partsFor(role: string | null): readonly Part[] {
  if (role === null) return ['repositories'];
  return PARTS.filter((part) => {
    // Auditors read; claims are made.
    if (part === 'claims') return role !== 'auditor';
    return part !== 'filing' || role === 'operator' || role === 'auditor';
  });
}
