import { encodeUtf8, toBase64 } from '@jamnet/base';
import { signerFromSeed, vkeyOf } from '@jamnet/ledger';
import { checkpointText, encodeLeaf, leafHash } from '@jamnet/ledger/verifier';
import { actSha256 } from '@jamnet/studio';
import { expect, test } from 'vitest';
import type { EntryProof } from '../../api/endpoints.ts';
import { noteOf, pathOf, rootOf } from '../../books/testing/small-tree.ts';
import { text } from '../../books/text.ts';
import { actedOn, actHash, fateOf } from './act-hash.ts';
import type { Act } from './acts-api.ts';
import { checkAct } from './check-act.ts';

const LOG = signerFromSeed('studio.example/log', new Uint8Array(32).fill(7));
const SALT = 'a5'.repeat(16);
const TOLD = {
  atUs: '1000000',
  actor: 'member-1',
  role: 'operator',
  method: 'POST',
  route: '/api/payees/:payee/holds',
  parameters: { payee: `p${'0'.repeat(32)}` },
  bodySha256: 'ab'.repeat(32),
};
const ACT: Act = {
  ...TOLD,
  number: '3',
  salt: SALT,
  leaf: '2',
  status: 200,
  actorName: 'Ada',
  summary: null,
};

/** The proof of leaf 2 of five, which is the act's as the studio hashes it. */
function proof(): EntryProof {
  const records = [0, 1, 2, 3, 4].map((index) =>
    encodeLeaf({
      acceptedAtUs: BigInt(index),
      type: 'record',
      key: `act:${index}`,
      kind: 'operator-act',
      sha256: index === 2 ? actSha256(TOLD, SALT) : '0'.repeat(64),
    }),
  );
  const hashes = records.map((bytes) => leafHash(bytes));
  const head = checkpointText({ origin: LOG.name, size: 5n, root: rootOf(hashes) });
  return {
    ...{ index: 2, size: 5, leafBase64: toBase64(records[2] ?? encodeUtf8('')) },
    hashesBase64: pathOf(2, hashes).map(toBase64),
    ...{ checkpoint: noteOf(head, LOG), vkey: vkeyOf(LOG), origin: LOG.name },
  };
}

test('the page hashes an act as the studio does', () => {
  expect(actHash(ACT)).toBe(actSha256(TOLD, SALT));
});

test('an act is proven by the leaf that holds its hash in a signed tree', () => {
  expect(checkAct(ACT, proof(), vkeyOf(LOG), text.en)).toMatchObject({ holds: true });
});

test('what the actor is called now is no part of it', () => {
  expect(checkAct({ ...ACT, actorName: 'Eve' }, proof(), vkeyOf(LOG), text.en).holds).toBe(true);
});

test.each([
  ['another actor', { actor: 'member-2' }],
  ['another moment', { atUs: '1000001' }],
  ['another payee', { parameters: { payee: `p${'1'.repeat(32)}` } }],
  ['another salt', { salt: '00'.repeat(16) }],
  ['another place', { leaf: '3' }],
])('%s than the log has is told', (_what, change) => {
  expect(checkAct({ ...ACT, ...change }, proof(), vkeyOf(LOG), text.en).holds).toBe(false);
});

test('a tree that somebody else signed proves nothing', () => {
  const stranger = signerFromSeed('studio.example/log', new Uint8Array(32).fill(8));
  expect(checkAct(ACT, proof(), vkeyOf(stranger), text.en).holds).toBe(false);
});

test('what was acted on is told with what stood in the path, and its fate by the answer', () => {
  expect(actedOn(ACT)).toBe(`POST /api/payees/p${'0'.repeat(32)}/holds`);
  expect([200, 422, 503, null].map((status) => fateOf({ ...ACT, status }))).toEqual([
    ...['done', 'refused', 'failed', 'unanswered'],
  ]);
});
