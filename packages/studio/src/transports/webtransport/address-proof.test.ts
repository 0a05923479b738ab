import { expect, test } from 'vitest';
import { AddressProof, type ProofPlace } from './address-proof.ts';

const PROOF = new AddressProof(new Uint8Array(32).fill(5));
const PLACE: ProofPlace = { host: '192.0.2.7', port: 5000, newId: new Uint8Array(20).fill(1) };
const FIRST_ID = Uint8Array.from({ length: 8 }, (_, i) => i);
const NOW_MS = 1.7e12;
const TOKEN = PROOF.issue(PLACE, FIRST_ID, NOW_MS);

test.each([0, 8, 20])(
  'a proof gives back the client’s first connection ID of %i bytes, for ten seconds',
  (bytes) => {
    const firstId = new Uint8Array(bytes).fill(9);
    const token = PROOF.issue(PLACE, firstId, NOW_MS);
    for (const ageMs of [0, 10_000])
      expect([...(PROOF.check(token, PLACE, NOW_MS + ageMs) ?? [-1])]).toEqual([...firstId]);
    expect(PROOF.check(token, PLACE, NOW_MS + 10_001)).toBeNull();
  },
);

test.each([
  ['another host', { ...PLACE, host: '192.0.2.8' }],
  ['another port', { ...PLACE, port: 5001 }],
  ['another connection', { ...PLACE, newId: new Uint8Array(20).fill(2) }],
])('a proof is none for %s', (_, place) => {
  expect(PROOF.check(TOKEN, place, NOW_MS)).toBeNull();
});

test('a proof with one bit changed, cut, made longer, of another process or from the future is none', () => {
  for (let i = 0; i < 8 * TOKEN.length; i++) {
    const changed = Uint8Array.from(TOKEN);
    changed[i >> 3] = (changed[i >> 3] ?? 0) ^ (1 << (i & 7));
    expect(PROOF.check(changed, PLACE, NOW_MS)).toBeNull();
  }
  for (const length of [0, 1, 23, 24, TOKEN.length - 1])
    expect(PROOF.check(TOKEN.subarray(0, length), PLACE, NOW_MS)).toBeNull();
  expect(PROOF.check(new Uint8Array(1_000), PLACE, NOW_MS)).toBeNull();
  expect(new AddressProof(new Uint8Array(32)).check(TOKEN, PLACE, NOW_MS)).toBeNull();
  expect(PROOF.check(TOKEN, PLACE, NOW_MS - 60_000)).toBeNull();
});
