/** The four ways to earn. The order is the order of tables and reports, never of payment. */
export const CONTRIBUTION_KINDS = ['music', 'code', 'compute', 'curation'] as const;
export type ContributionKind = (typeof CONTRIBUTION_KINDS)[number];

/** Where outside cash comes from. Each stream has its own split among the kinds in the policy. */
export const STREAMS = [
  'hardware',
  'subscription',
  'compute',
  'licence',
  'storage',
  'conversion-fee',
] as const;
export type Stream = (typeof STREAMS)[number];

/** One amount for each kind. */
export type ByKind<T> = Readonly<Record<ContributionKind, T>>;

export function byKind<T>(value: (kind: ContributionKind) => T): Record<ContributionKind, T> {
  return {
    music: value('music'),
    code: value('code'),
    compute: value('compute'),
    curation: value('curation'),
  };
}
