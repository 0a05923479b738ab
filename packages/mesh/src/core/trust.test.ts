import { encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDraw } from './keyed-draw.ts';
import { pureSha256 } from './pure-sha256.ts';
import { decideCheck, releasableCount, TRUST_POLICY, type Trust } from './trust.ts';

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

test('re-runs whole where less than fifty times the pay is held', () => {
  const scope = decideCheck(TRUST_POLICY, { ...TRUSTED, heldUnits: 99n }, TASK, draw('x'));
  expect(scope).toEqual({ scope: 'all', why: 'stake-small' });
});

test('re-runs one chunk of about 5 % of a trusted node, of 1 ⁄ n after n valid results', () => {
  expect(checkedShare(TRUSTED, 4000)).toBeCloseTo(0.05, 1.8);
  expect(checkedShare({ ...TRUSTED, consecutiveValid: 4 }, 4000)).toBeCloseTo(0.25, 1.6);
  expect(checkedShare({ ...TRUSTED, consecutiveValid: 0 }, 50)).toBe(1);
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

test('never releases into the stake of the dearest held task', () => {
  const work = fc.record({ workUnits: fc.bigInt({ min: 1n, max: 40n }) });
  fc.assert(
    fc.property(fc.array(work, { maxLength: 300 }), (held) => {
      const total = held.reduce((sum, { workUnits }) => sum + workUnits, 0n);
      const count = releasableCount(TRUST_POLICY, total, held);
      const left = held.slice(count).reduce((sum, { workUnits }) => sum + workUnits, 0n);
      let dearest = 0n;
      for (const { workUnits } of held) if (workUnits > dearest) dearest = workUnits;
      expect(count === 0 || left >= 50n * dearest).toBe(true);
    }),
  );
});
