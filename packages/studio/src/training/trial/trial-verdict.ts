import { addTallies, NO_SKILL, skillLowerPpm, skillPpm, tallyOfBlock } from '@jamnet/groove';
import { type CountedVote, creditMilliVotes } from '../../listening/credit.ts';

/** How long, and by how many, a candidate is heard before it is released. */
export interface TrialPolicy {
  /** Pairs of candidate against released model, and pairs with a known answer: what one curator hears. */
  readonly openPairs: number;
  readonly plants: number;
  /** Answers of each sort below which a curator's hearing is not taken as done. */
  readonly openMin: number;
  readonly plantsMin: number;
  /** Owner groups with a trustworthy curator by whom it is decided. */
  readonly groupsMin: number;
  /** From its opening, µs; then the figures alone decide. */
  readonly deadlineUs: bigint;
}

/**
 * 12 and 8 pairs are two rounds of ten, about ten minutes. Of eight known answers seven must be right (credit above zero at 95 %: a coin
 * reaches that in 3.5 of 100), of five all; half of the open pairs, since some may be of one's own playing. Three groups, for the bound
 * over two has one degree of freedom and could hardly ever refuse anything. Seven days hold a weekend, and a model that is better by its
 * figures should not wait longer for ears that do not come: two groups that object put it back afterwards as well.
 */
export const TRIAL_POLICY: TrialPolicy = {
  openPairs: 12,
  plants: 8,
  openMin: 6,
  plantsMin: 5,
  groupsMin: 3,
  deadlineUs: 7n * 86_400_000_000n,
};

/** An answer about a pair of a trial; `isFor`: the candidate, or the right one of a planted pair. */
export interface TrialVote extends CountedVote {
  readonly payee: string;
}

export type TrialCode = 'heard' | 'deadline' | 'curators-prefer-released';

export interface TrialVerdict {
  readonly state: 'waiting' | 'released' | 'refused';
  /** `null` while it waits. */
  readonly code: TrialCode | null;
  readonly reason: string;
  /** Owner groups of curators whose hearing counts, and curators who failed the planted pairs. */
  readonly groups: number;
  readonly untrusted: number;
  /** Mean lean of the groups towards the candidate and the 95 % bounds of that, −1 000 000 … 1 000 000; `null` while it waits. */
  readonly lean: { readonly meanPpm: bigint; readonly leastPpm: bigint; readonly mostPpm: bigint } | null;
}

/**
 * What curators' answers come to. A curator counts once the hearing is done and the planted pairs tell that the ears are on; all of one
 * owner group are one voice on each clip, and a group is one observation however many its answers. The candidate has its figures
 * already: it is refused only where the old model is preferred beyond chance (one-sided 95 %), and released otherwise.
 */
export function trialVerdict(
  policy: TrialPolicy,
  votes: readonly TrialVote[],
  { openedAtUs, nowUs }: { readonly openedAtUs: bigint; readonly nowUs: bigint },
): TrialVerdict {
  const { trusted, untrusted } = curatorsOf(policy, votes);
  const groups = [...leansOf(votes.filter(({ payee }) => trusted.has(payee))).values()];
  const counts = { groups: groups.length, untrusted };
  if (groups.length >= policy.groupsMin) return { ...counts, ...byGroups(groups) };
  if (nowUs - openedAtUs >= policy.deadlineUs)
    return {
      ...counts,
      state: 'released',
      code: 'deadline',
      reason: `${voices(groups.length)} of ${policy.groupsMin} had judged when the time was over: its figures alone decide.`,
      lean: null,
    };
  return {
    ...counts,
    state: 'waiting',
    code: null,
    reason: `It has its figures and waits for curators: ${voices(groups.length)} of ${policy.groupsMin} have judged.`,
    lean: null,
  };
}

/** Who has heard enough, and who of those knew the known answers. */
function curatorsOf(
  { openMin, plantsMin }: TrialPolicy,
  votes: readonly TrialVote[],
): { readonly trusted: ReadonlySet<string>; readonly untrusted: number } {
  const done = [...new Set(votes.map(({ payee }) => payee))].flatMap((payee) => {
    const own = votes.filter((vote) => vote.payee === payee);
    const plants = own.filter(({ isPlanted }) => isPlanted);
    if (plants.length < plantsMin || own.length - plants.length < openMin) return [];
    const agreeing = plants.filter(({ isFor }) => isFor).length;
    return [{ payee, isTrusted: creditMilliVotes({ agreeing, settled: plants.length }) > 0n }];
  });
  const trusted = new Set(done.filter(({ isTrusted }) => isTrusted).map(({ payee }) => payee));
  return { trusted, untrusted: done.length - trusted.size };
}

interface Lean {
  towards: number;
  against: number;
}

/** By owner group: clips on which it leans one way or the other. */
function leansOf(votes: readonly TrialVote[]): Map<string, Lean> {
  const voicesOn = new Map<string, Map<string, number>>();
  for (const { ownerGroup, clip, isPlanted, isFor } of votes) {
    if (isPlanted) continue;
    const clips = voicesOn.get(ownerGroup) ?? new Map<string, number>();
    voicesOn.set(ownerGroup, clips);
    clips.set(clip, (clips.get(clip) ?? 0) + (isFor ? 1 : -1));
  }
  const leans = new Map<string, Lean>();
  for (const [group, clips] of voicesOn) {
    const voices = [...clips.values()];
    leans.set(group, {
      towards: voices.filter((voice) => voice > 0).length,
      against: voices.filter((voice) => voice < 0).length,
    });
  }
  return leans;
}

/** Leans are counted in thousandths of a group: every group weighs the same, however many clips it heard. */
const SHARE = 1000;

/** The mean of the groups' leans with its bounds by Student's t: 1 − 2 · against / all as a skill, a group being a block. */
function byGroups(groups: readonly Lean[]): Pick<TrialVerdict, 'state' | 'code' | 'reason' | 'lean'> {
  let [towards, against] = [NO_SKILL, NO_SKILL];
  for (const lean of groups) {
    const heard = lean.towards + lean.against;
    const share = heard === 0 ? SHARE / 2 : Math.round((SHARE * lean.against) / heard);
    const block = (own: number) =>
      tallyOfBlock([{ own: BigInt(2 * own), house: BigInt(SHARE) }], Math.max(1, heard));
    towards = addTallies(towards, block(share));
    against = addTallies(against, block(SHARE - share));
  }
  const meanPpm = skillPpm(towards) ?? 0n;
  const lean = {
    meanPpm,
    leastPpm: skillLowerPpm(towards) ?? -1_000_000n,
    mostPpm: -(skillLowerPpm(against) ?? -1_000_000n),
  };
  const told = `${voices(groups.length)} lean ${percent(meanPpm)} towards it, at most ${percent(lean.mostPpm)} at 95 %`;
  return lean.mostPpm < 0n
    ? {
        state: 'refused',
        code: 'curators-prefer-released',
        reason: `Curators prefer the released model: ${told}.`,
        lean,
      }
    : {
        state: 'released',
        code: 'heard',
        reason: `Curators do not prefer the released model: ${told}.`,
        lean,
      };
}

function voices(groups: number): string {
  return `${groups} owner group${groups === 1 ? '' : 's'}`;
}

function percent(ppm: bigint): string {
  return `${(Number(ppm) / 10_000).toFixed(0)} %`;
}
