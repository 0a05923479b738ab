/** An answer in a listening test, as it counts. */
export interface CountedVote {
  readonly clip: string;
  readonly ownerGroup: string;
  /** The right answer was known beforehand. */
  readonly isPlanted: boolean;
  /** For the version in question: the right answer of a planted pair, the repaired side of an open one. */
  readonly isFor: boolean;
}

/** What of a curator's answers can be judged by now. */
export interface Standing {
  /** Planted pairs, and open ones of whose clip other owner groups have an opinion. */
  readonly settled: number;
  readonly agreeing: number;
  /** Answers that wait for others. */
  readonly waiting: number;
}

/**
 * Judges a curator's answers: planted pairs by what is known, open ones by what most of the other owner groups say, each
 * group being one voice however many curators it sends. Nobody agrees with oneself, and a tie is no opinion.
 */
export function standingOf(
  own: readonly CountedVote[],
  ownerGroup: string,
  opinions: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Standing {
  let [settled, agreeing] = [0, 0];
  for (const vote of own) {
    const right = vote.isPlanted ? true : opinionOfOthers(opinions.get(vote.clip), ownerGroup);
    if (right === null) continue;
    settled++;
    if (vote.isFor === right) agreeing++;
  }
  return { settled, agreeing, waiting: own.length - settled };
}

/** By clip and owner group: answers for the repaired side less answers against it. */
export function opinionsOf(votes: readonly CountedVote[]): Map<string, Map<string, number>> {
  const opinions = new Map<string, Map<string, number>>();
  for (const { clip, ownerGroup, isPlanted, isFor } of votes) {
    if (isPlanted) continue;
    const groups = opinions.get(clip) ?? new Map<string, number>();
    opinions.set(clip, groups);
    groups.set(ownerGroup, (groups.get(ownerGroup) ?? 0) + (isFor ? 1 : -1));
  }
  return opinions;
}

function opinionOfOthers(groups: ReadonlyMap<string, number> | undefined, own: string): boolean | null {
  let lean = 0;
  for (const [group, voices] of groups ?? []) if (group !== own) lean += Math.sign(voices);
  return lean === 0 ? null : lean > 0;
}

/** (1000 · 1.645)²: 1.645 is the 95 % point of the normal distribution (one-sided). */
const BOUND_SQUARED = 2_706_025n;

/**
 * Thousandths of a vote that so many agreeing answers are worth: how far agreement is above chance, less what chance alone
 * reaches in one case of twenty: 1000 · max(0, 2·agreeing − settled − 1.645·√settled). Of settled answers by coin, 2·agreeing −
 * settled has the mean 0 and the variance `settled`. Integers: the same everywhere.
 */
export function creditMilliVotes({ agreeing, settled }: Pick<Standing, 'agreeing' | 'settled'>): bigint {
  const above = 1000n * BigInt(2 * agreeing - settled) - rootRoundedUp(BOUND_SQUARED * BigInt(settled));
  return above > 0n ? above : 0n;
}

/** Smallest integer whose square is at least `value` ≥ 0, by Newton's method. */
function rootRoundedUp(value: bigint): bigint {
  if (value === 0n) return 0n;
  let root = 1n << (BigInt(value.toString(2).length + 1) / 2n);
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) break;
    root = next;
  }
  return root * root === value ? root : root + 1n;
}
