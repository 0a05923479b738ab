import { expect, test } from 'vitest';
import { type Candidate, CLIP_ANSWERS_MAX, type DrawnPair, drawPair, ROUND_PAIRS } from './draw-pair.ts';
import type { PairForm } from './listening-tables.ts';

const secret = new Uint8Array(32).fill(7);
const clips = (count: number, more: Partial<Candidate> = {}): Candidate[] =>
  Array.from({ length: count }, (_, n) => ({ clip: `clip ${n}`, asked: new Set(), answers: 0, ...more }));

function round(payee: string, candidates: readonly Candidate[], key = secret): DrawnPair[] {
  return Array.from({ length: ROUND_PAIRS }, (_, place) =>
    drawPair(key, { payee, round: 0, place }, candidates),
  ).filter((drawn) => drawn !== null);
}

test('same secret, curator and place draw the same; another secret draws otherwise', () => {
  expect(round('p1', clips(20))).toEqual(round('p1', clips(20)));
  expect(round('p1', clips(20))).not.toEqual(round('p1', clips(20), new Uint8Array(32).fill(8)));
});

test('a round has three pairs whose answer is known and counts, in another order for each curator', () => {
  const orders = new Set<string>();
  for (let person = 0; person < 20; person++) {
    const forms = round(`p${person}`, clips(20)).map(({ form }) => form);
    expect(forms.filter((form) => form === 'plant' || form === 'abx-plant')).toHaveLength(3);
    orders.add(forms.join());
  }
  expect(orders.size).toBeGreaterThan(15);
});

test('sides and X fall to both sides alike: always the same answer is right half the time', () => {
  const drawn = Array.from({ length: 200 }, (_, person) => round(`p${person}`, clips(20))).flat();
  const right = drawn.filter(({ side, x }) => (x === '' ? side : x) === 'a').length;
  // 2,000 fair draws: four standard deviations are 89.
  expect(Math.abs(right - 1_000)).toBeLessThan(90);
});

test('a clip that enough curators have answered is asked about no more, and one that some have comes first', () => {
  const open = (candidates: readonly Candidate[]) =>
    round('p1', candidates)
      .filter(({ form }) => form === 'open')
      .map(({ clip }) => clip);
  const [full, begun, fresh] = [
    { clip: 'full', asked: new Set<PairForm>(), answers: CLIP_ANSWERS_MAX },
    { clip: 'begun', asked: new Set<PairForm>(), answers: CLIP_ANSWERS_MAX - 1 },
    { clip: 'fresh', asked: new Set<PairForm>(), answers: 0 },
  ];
  expect(new Set(open([full, begun, fresh]))).toEqual(new Set(['begun']));
  expect(new Set(open([full, fresh]))).toEqual(new Set(['fresh']));
  expect(open([full])).toEqual([]);
});

test('a form that was asked is not asked again; when all were, nothing is left', () => {
  const all = new Set<PairForm>(['open', 'plant', 'abx-plant']);
  expect(new Set(round('p1', clips(1, { asked: all })).map(({ form }) => form))).toEqual(
    new Set(['abx-open']),
  );
  expect(round('p1', clips(1, { asked: all.add('abx-open') }))).toEqual([]);
});
