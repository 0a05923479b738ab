/** The four ways to contribute, in the order the page shows them. */
export const KINDS = ['music', 'code', 'compute', 'curation'] as const;
export type Kind = (typeof KINDS)[number];

/** The kind a name means, or `null` for one this page does not know yet. */
export function kindOf(name: string): Kind | null {
  return KINDS.find((kind) => kind === name) ?? null;
}
