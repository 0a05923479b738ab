/** The parts of the operator's page, in the order in which a month needs them. */
export const PARTS = [
  'epochs',
  'revenue',
  'valuations',
  'policy',
  'payouts',
  'payees',
  'perks',
  'hardware',
  'cap-table',
  'nodes',
  'acts',
] as const;
export type Part = (typeof PARTS)[number];

/** What auditors have no business in: people's own data. */
export const OPERATOR_ONLY: ReadonlySet<Part> = new Set<Part>(['payees', 'cap-table']);

/** The part an address names after its #; the first where it names none. */
export function partOf(hash: string): Part {
  return PARTS.find((part) => `#${part}` === hash) ?? PARTS[0];
}
