import { encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDraw } from './keyed-draw.ts';
import { pureSha256 } from './pure-sha256.ts';
import {
  affordableUnits,
  decideCheck,
  mayRelease,
  releasableCount,
  settleSample,
  TRUST_POLICY,
  type Trust,
} from './trust.ts';

const TASK = { workUnits: 2n, chunkCount: 8 };
const TRUSTED: Trust = { revealed: 500, consecutiveValid: 500, provenFakes: 0, heldUnits: 100n };

const SECRET = pureSha256(encodeUtf8('trust'));
const draw = (task: string) => checkDraw(pureSha256, SECRET, task);

function checkedShare(trust: Trust, draws: number): number {
  let checked = 0;
  for (let n = 0; n < draws; n++) {
    if (decideCheck(TRUST_POLICY, trust, TASK, draw(`t${n}`)).scope !== 'none') checked++;
  }
  return checked / draws;
}

test('re-runs the first 20 tasks of a node whole', () => {
  for (let revealed = 0; revealed < 20; revealed++) {
    const scope = decideCheck(TRUST_POLICY, { ...TRUSTED, revealed }, TASK, draw('x'));
    expect(scope).toEqual({ scope: 'all', why: 'new-node' });
  }
});

test('re-runs the next 200 results whole after a proven fake', () => {
  const proven = { ...TRUSTED, provenFakes: 1 };
  const why = (consecutiveValid: number) => {
    const scope = decideCheck(TRUST_POLICY, { ...proven, consecutiveValid }, TASK, draw('x'));
    return scope.scope === 'all' ? scope.why : 'not whole';
  };
  expect([0, 199, 200].map(why)).toEqual(['proven-before', 'proven-before', 'not whole']);
});

test('re-runs whole where less than fifty times the pay is held', () => {
  const scope = decideCheck(TRUST_POLICY, { ...TRUSTED, heldUnits: 99n }, TASK, draw('x'));
  expect(scope).toEqual({ scope: 'all', why: 'stake-small' });
});

test('re-runs one chunk of a quarter of the first 2,000 results, then of ever fewer, down to 5 %', () => {
  expect(checkedShare({ ...TRUSTED, consecutiveValid: 0 }, 50)).toBe(1);
  expect(checkedShare({ ...TRUSTED, consecutiveValid: 2 }, 4000)).toBeCloseTo(0.5, 1.6);
  expect(checkedShare(TRUSTED, 4000)).toBeCloseTo(0.25, 1.6);
  expect(checkedShare({ ...TRUSTED, consecutiveValid: 5000 }, 4000)).toBeCloseTo(0.1, 1.7);
  for (const consecutiveValid of [10_000, 1_000_000])
    expect(checkedShare({ ...TRUSTED, consecutiveValid }, 4000)).toBeCloseTo(0.05, 1.8);
});

test('spreads single checks over all chunks', () => {
  const chunks = new Set<number>();
  for (let n = 0; n < 400; n++) {
    const scope = decideCheck(TRUST_POLICY, { ...TRUSTED, consecutiveValid: 1 }, TASK, draw(`t${n}`));
    if (scope.scope === 'one') chunks.add(scope.chunk);
  }
  expect([...chunks].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('draws the same check for the same task and secret', () => {
  const decide = () => decideCheck(TRUST_POLICY, TRUSTED, TASK, draw('abc'));
  expect(decide()).toEqual(decide());
});

const WORK = fc.record({ workUnits: fc.bigInt({ min: 1n, max: 40n }) });

test('never releases into the stake of the dearest held task, nor into the newest that stay held', () => {
  const policy = { ...TRUST_POLICY, holdTasks: 100 };
  fc.assert(
    fc.property(fc.array(WORK, { maxLength: 400 }), (held) => {
      const total = held.reduce((sum, { workUnits }) => sum + workUnits, 0n);
      const count = releasableCount(policy, total, held);
      const left = held.slice(count).reduce((sum, { workUnits }) => sum + workUnits, 0n);
      let dearest = 0n;
      for (const { workUnits } of held) if (workUnits > dearest) dearest = workUnits;
      expect(count === 0 || left >= 50n * dearest).toBe(true);
      expect(count === 0 || held.length - count >= 100).toBe(true);
      const oldest = held.slice(0, Math.max(0, held.length - 100));
      expect(releasableCount(policy, total, oldest, { count: held.length, dearest })).toBe(count);
    }),
  );
});

test('releases all but the newest 10,000 results, a thousand at a time', () => {
  const held = Array.from({ length: 11_000 }, () => ({ workUnits: 2n }));
  expect(releasableCount(TRUST_POLICY, 22_000n, held)).toBe(1000);
  expect([10_000, 10_999, 11_000, 11_500, 12_000].map((valid) => mayRelease(TRUST_POLICY, valid))).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});

test('offers a newcomer tasks of one unit first, others up to a fiftieth of what is held', () => {
  expect([0n, 99n, 100n, 800n].map((held) => affordableUnits(TRUST_POLICY, held))).toEqual([1n, 1n, 2n, 16n]);
});

test('looks before settling at 32 unverified results that only the secret tells', () => {
  const held = Array.from({ length: 50 }, (_, n) => ({ task: `t${n}` }));
  const sample = settleSample(TRUST_POLICY, held, draw);
  expect(new Set(sample.map(({ task }) => task)).size).toBe(32);
  expect(settleSample(TRUST_POLICY, [...held].reverse(), draw)).toEqual(sample);
  const other = (task: string) => checkDraw(pureSha256, pureSha256(SECRET), task);
  expect(settleSample(TRUST_POLICY, held, other)).not.toEqual(sample);
  expect(settleSample(TRUST_POLICY, held.slice(0, 3), draw)).toHaveLength(3);
});
