/** The parts of the page about the network. */
export const PARTS = ['figures', 'proposals', 'partners', 'licences'] as const;
export type Part = (typeof PARTS)[number];

export interface Place {
  readonly part: Part;
  /** The proposal that is looked at; `null`: the list. */
  readonly proposal: string | null;
}

/** What an address names after its #; the figures where it names nothing that there is. */
export function placeOf(hash: string): Place {
  const [name = '', id = ''] = hash.replace(/^#/, '').split('/');
  const part = PARTS.find((each) => each === name) ?? PARTS[0];
  return { part, proposal: part === 'proposals' && /^[0-9a-f]{32}$/.test(id) ? id : null };
}
