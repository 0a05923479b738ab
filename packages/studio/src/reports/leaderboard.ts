import { byKind, CONTRIBUTION_KINDS, type ContributionKind, type ReportedEpoch } from '@jamnet/economy';

/** Places that are shown. */
export const PLACES_MAX = 100;

export interface LeaderboardRow {
  readonly place: number;
  readonly payee: string;
  /** Only when its owner agreed to be named. */
  readonly name: string | null;
  readonly microJam: bigint;
  readonly byKind: Readonly<Record<ContributionKind, bigint>>;
}

export interface Leaderboard {
  readonly kind: ContributionKind | null;
  /** The epochs it sums over. */
  readonly epochIds: readonly string[];
  readonly payees: number;
  readonly rows: readonly LeaderboardRow[];
}

/** Units issued to each pseudonym over some epochs, of one kind or all, the most first; equal amounts share a place. */
export async function leaderboard(
  epochs: readonly ReportedEpoch[],
  kind: ContributionKind | null,
  namesOf: (payees: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<Leaderboard> {
  const sums = new Map<string, Record<ContributionKind, bigint>>();
  for (const { payee, byKind: share } of epochs.flatMap(({ paid }) => paid)) {
    const sum = sums.get(payee) ?? byKind(() => 0n);
    for (const each of CONTRIBUTION_KINDS) sum[each] += share[each];
    sums.set(payee, sum);
  }
  const amountOf = (sum: Readonly<Record<ContributionKind, bigint>>): bigint =>
    kind === null ? CONTRIBUTION_KINDS.reduce((total, each) => total + sum[each], 0n) : sum[kind];
  const ranked = [...sums]
    .map(([payee, sum]) => ({ payee, byKind: sum, microJam: amountOf(sum) }))
    .filter(({ microJam }) => microJam > 0n)
    .sort((a, b) =>
      a.microJam === b.microJam ? (a.payee < b.payee ? -1 : 1) : a.microJam > b.microJam ? -1 : 1,
    );
  const shown = ranked.slice(0, PLACES_MAX);
  const names = await namesOf(shown.map(({ payee }) => payee));
  let place = 0;
  const rows = shown.map((row, index) => {
    if (row.microJam !== shown[index - 1]?.microJam) place = index + 1;
    return { place, ...row, name: names.get(row.payee) ?? null };
  });
  return { kind, epochIds: epochs.map(({ epochId }) => epochId), payees: ranked.length, rows };
}
