import { createHash } from 'node:crypto';
import { type Chance, present } from '@jamnet/base';

/** Two versions of one excerpt, and the untouched sound they came from. */
export interface Clip {
  readonly id: string;
  readonly reference: Float32Array;
  readonly repaired: Float32Array;
  readonly unrepaired: Float32Array;
}

/** A pair as a curator gets it: which side is which stays with the studio. */
export interface BlindPair {
  readonly clip: string;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly repairedSide: 'a' | 'b';
  /** Set where the right answer is known beforehand: the curator does not see that it is a test. */
  readonly planted: boolean;
}

/** How a judge without ears decides: names a rule, and answers for one pair with the reference at hand. */
export interface ObjectiveJudge {
  readonly rule: string;
  prefers(a: Float32Array, b: Float32Array, reference: Float32Array): 'a' | 'b';
}

export interface Vote {
  readonly clip: string;
  readonly chosen: 'repaired' | 'unrepaired';
  readonly planted: boolean;
}

/** Puts each clip's two versions on sides drawn by chance, and adds planted pairs: the reference against the gaps. */
export function blindPairs(clips: readonly Clip[], plantEvery: number, chance: Chance): BlindPair[] {
  const pairs: BlindPair[] = [];
  for (const [index, clip] of clips.entries()) {
    pairs.push(onSides(clip.id, clip.repaired, clip.unrepaired, false, chance));
    if (index % plantEvery === 0)
      pairs.push(onSides(plantId(clip.id), clip.reference, clip.unrepaired, true, chance));
  }
  return pairs;
}

function onSides(
  clip: string,
  repaired: Float32Array,
  unrepaired: Float32Array,
  planted: boolean,
  chance: Chance,
): BlindPair {
  const repairedSide = chance.below(2) === 0 ? 'a' : 'b';
  const [a, b] = repairedSide === 'a' ? [repaired, unrepaired] : [unrepaired, repaired];
  return { clip, a, b, repairedSide, planted };
}

function plantId(clip: string): string {
  return createHash('sha256').update(`planted/${clip}`).digest('hex').slice(0, 32);
}

/** Lets a judge answer all pairs. */
export function voteOn(pairs: readonly BlindPair[], clips: readonly Clip[], judge: ObjectiveJudge): Vote[] {
  const references = new Map(
    clips.flatMap((clip) => [
      [clip.id, clip.reference] as const,
      [plantId(clip.id), clip.reference] as const,
    ]),
  );
  return pairs.map((pair) => {
    const side = judge.prefers(pair.a, pair.b, present(references.get(pair.clip), 'reference of a pair'));
    return {
      clip: pair.clip,
      chosen: side === pair.repairedSide ? 'repaired' : 'unrepaired',
      planted: pair.planted,
    };
  });
}

/** One curator's votes, and whose they are. */
export interface Ballot {
  readonly ownerGroup: string;
  readonly votes: readonly Vote[];
}

/** Owner groups that must prefer a version before it counts as approved. */
const APPROVING_GROUPS_MIN = 2;

/**
 * Clips whose repair is approved: the curators of at least two owner groups prefer it, each group by most of its own
 * curators, and more groups do than do not. However many curators one owner sends, they are one voice.
 */
export function approvedClips(ballots: readonly Ballot[]): string[] {
  const lean = new Map<string, Map<string, number>>();
  for (const { ownerGroup, votes } of ballots)
    for (const vote of votes) {
      if (vote.planted) continue;
      const groups = lean.get(vote.clip) ?? new Map<string, number>();
      lean.set(vote.clip, groups);
      groups.set(ownerGroup, (groups.get(ownerGroup) ?? 0) + (vote.chosen === 'repaired' ? 1 : -1));
    }
  return [...lean].filter(([, groups]) => isApproved([...groups.values()])).map(([clip]) => clip);
}

function isApproved(leans: readonly number[]): boolean {
  const approving = leans.filter((lean) => lean > 0).length;
  return approving >= APPROVING_GROUPS_MIN && approving > leans.filter((lean) => lean < 0).length;
}

/**
 * Merit of a ballot among all: {@link informationMerit}, where only the curators of other owner groups make the consensus, so
 * that nobody agrees with himself.
 */
export function ballotMerit(own: Ballot, all: readonly Ballot[]): bigint {
  const others = all.filter(({ ownerGroup }) => ownerGroup !== own.ownerGroup);
  return informationMerit(
    own.votes,
    others.map(({ votes }) => votes),
  );
}

/**
 * Merit of one curator's votes in thousandths of a vote: agreement above chance, 1000·max(0, 2·agreeing − votes).
 * A vote agrees where it names what was planted, or what most of the other curators said (a tie agrees with nobody).
 * Random or always-left voting expects 0.
 */
export function informationMerit(own: readonly Vote[], others: readonly (readonly Vote[])[]): bigint {
  let agreeing = 0;
  for (const vote of own) {
    const right = vote.planted ? 'repaired' : consensus(vote.clip, others);
    if (vote.chosen === right) agreeing++;
  }
  return 1000n * BigInt(Math.max(0, 2 * agreeing - own.length));
}

function consensus(clip: string, others: readonly (readonly Vote[])[]): Vote['chosen'] | null {
  let lean = 0;
  for (const votes of others) {
    const vote = votes.find((candidate) => candidate.clip === clip);
    if (vote) lean += vote.chosen === 'repaired' ? 1 : -1;
  }
  return lean === 0 ? null : lean > 0 ? 'repaired' : 'unrepaired';
}
