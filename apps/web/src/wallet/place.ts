/** The parts of the wallet's page, in the order of money's way. */
export const PARTS = ['balance', 'earned', 'payments', 'price'] as const;
export type Part = (typeof PARTS)[number];

/** What an address names after its #; the balance where it names nothing that there is. */
export function placeOf(hash: string): Part {
  return PARTS.find((part) => `#${part}` === hash) ?? PARTS[0];
}
