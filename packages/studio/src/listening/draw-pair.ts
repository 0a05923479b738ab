import { createHmac } from 'node:crypto';
import { present } from '@jamnet/base';
import type { PairForm } from './listening-tables.ts';

export const ROUND_PAIRS = 10;
/** What a round asks, in an order drawn for it. Of three answers in ten the right one is known and counts; curators do not see which. */
const ROUND_FORMS: readonly PairForm[] = [
  'open',
  'open',
  'open',
  'open',
  'open',
  'open',
  'plant',
  'plant',
  'abx-plant',
  'abx-open',
];
/** What a round asks while a candidate waits: as many known answers as tell an ear from a coin within two rounds. */
export const TRIAL_FORMS: readonly PairForm[] = [
  'trial',
  'trial',
  'trial',
  'trial',
  'trial',
  'trial',
  'trial-plant',
  'trial-plant',
  'trial-plant',
  'trial-plant',
];
/** Answers about one clip, after which it is asked about no more: enough for an opinion, few enough that all clips get theirs. */
export const CLIP_ANSWERS_MAX = 12;

/** What is known of a clip for one curator. */
export interface Candidate {
  readonly clip: string;
  /** The only form in which it can be asked about, where there is one. */
  readonly only?: PairForm;
  /** Forms in which this curator was asked about it. */
  readonly asked: ReadonlySet<PairForm>;
  /** Open answers of all curators. */
  readonly answers: number;
}

export interface DrawnPair {
  readonly clip: string;
  readonly form: PairForm;
  readonly side: 'a' | 'b';
  readonly x: 'a' | 'b' | '';
}

/**
 * The next pair of a curator's round, by the studio's secret alone: same secret, curator and place, same order, form and
 * sides. Of open clips those come first that others have judged, so that opinions meet. `null`: nothing is left.
 */
export function drawPair(
  secret: Uint8Array,
  at: { readonly payee: string; readonly round: number; readonly place: number },
  candidates: readonly Candidate[],
  forms: readonly PairForm[] = ROUND_FORMS,
): DrawnPair | null {
  const draw = (what: string): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify([at.payee, at.round, what]))
      .digest();
  const order = forms.map((form, index) => ({ form, key: draw(`form ${index}`).toString('hex') }));
  order.sort((one, other) => (one.key < other.key ? -1 : 1));
  const planned = present(order[at.place % ROUND_PAIRS], 'a place of the round').form;
  const clipKey = (clip: string): string => draw(`clip ${clip}`).toString('hex');
  for (const form of new Set<PairForm>([planned, ...forms])) {
    const [best] = candidates
      .filter(({ only = form }) => only === form)
      .filter(({ asked, answers }) => !asked.has(form) && (form !== 'open' || answers < CLIP_ANSWERS_MAX))
      .map(({ clip, answers }) => ({ clip, answers: form === 'open' ? answers : 0, key: clipKey(clip) }))
      .sort((one, other) => other.answers - one.answers || (one.key < other.key ? -1 : 1));
    if (best === undefined) continue;
    const bits = draw(`sides ${at.place}`)[0] ?? 0;
    const sideOf = (bit: number): 'a' | 'b' => ((bits >> bit) & 1 ? 'a' : 'b');
    return { clip: best.clip, form, side: sideOf(0), x: isAbx(form) ? sideOf(1) : '' };
  }
  return null;
}

export function isAbx(form: PairForm): boolean {
  return form === 'abx-plant' || form === 'abx-open';
}
