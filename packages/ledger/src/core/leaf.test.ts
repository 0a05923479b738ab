import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLeaf } from './decode-leaf.ts';
import { encodeLeaf } from './encode-leaf.ts';
import type { Leaf } from './leaf.ts';
import { AMOUNT_MAX } from './requests.ts';

const time = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const amount = fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX }).filter((value) => value !== 0n);
const key = fc.stringMatching(/^[!-~]{1,128}$/);
const kind = fc.stringMatching(/^[a-z][a-z0-9._/-]{0,39}$/);
const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const asset = fc.constantFrom('JAM' as const, 'USD' as const, 'EUR' as const);
const code = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9:._-]{1,90}$/), asset)
  .map(([name, unit]) => `${name}:${unit}`);
const legs = fc.array(fc.record({ account: code, amount }), { minLength: 2, maxLength: 8 });

const account: fc.Arbitrary<Leaf> = fc
  .record({ acceptedAtUs: time, code, floor: fc.option(fc.bigInt({ min: -AMOUNT_MAX, max: 0n })) })
  .map((leaf) => ({ type: 'account', kind: 'person', asset: leaf.code.slice(-3) as 'JAM', ...leaf }));
const posted: fc.Arbitrary<Leaf> = fc
  .record({ acceptedAtUs: time, key, kind, evidence: fc.option(hash), legs })
  .map((leaf) => ({ type: 'entry', state: 'posted', expiresAtUs: null, ...leaf }));
const pending: fc.Arbitrary<Leaf> = fc
  .record({ acceptedAtUs: time, key, kind, evidence: fc.option(hash), legs, expiresAtUs: fc.option(time) })
  .map((leaf) => ({ type: 'entry', state: 'pending', ...leaf }));
const settlement: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    type: fc.constant('settlement' as const),
    acceptedAtUs: time,
    key,
    pendingIndex: time,
    outcome: fc.constantFrom('posted' as const, 'voided' as const),
  }),
  fc.record({
    type: fc.constant('settlement' as const),
    acceptedAtUs: time,
    key: fc.constant(''),
    pendingIndex: time,
    outcome: fc.constant('expired' as const),
  }),
);
const record: fc.Arbitrary<Leaf> = fc.record({
  type: fc.constant('record' as const),
  acceptedAtUs: time,
  key,
  kind,
  sha256: hash,
});
const leaf = fc.oneof(account, posted, pending, settlement, record);

test('every leaf comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(leaf, (value) => {
      expect(decodeLeaf(encodeLeaf(value))).toEqual({ ok: true, value });
    }),
  );
});

test('there is one encoding: damaged bytes are refused or mean another leaf with exactly those bytes', () => {
  fc.assert(
    fc.property(leaf, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, change) => {
      const bytes = encodeLeaf(value);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
      const decoded = decodeLeaf(bytes);
      if (decoded.ok) expect(encodeLeaf(decoded.value)).toEqual(bytes);
      else expect(['leaf-malformed', 'leaf-version-unknown']).toContain(decoded.code);
    }),
    { numRuns: 1_000 },
  );
});

test('random bytes, cut and continued leaves are refused by a value', () => {
  fc.assert(
    fc.property(leaf, fc.uint8Array({ maxLength: 300 }), fc.nat(), (value, noise, cut) => {
      const bytes = encodeLeaf(value);
      expect(decodeLeaf(bytes.slice(0, cut % bytes.length)).ok).toBe(false);
      expect(decodeLeaf(Uint8Array.from([...bytes, 0])).ok).toBe(false);
      expect(decodeLeaf(noise).ok).toBe(false);
    }),
  );
});
