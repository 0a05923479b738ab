import { encodeUtf8, fromBase64, toBase64 } from '@jamnet/base';
import { signerFromSeed, vkeyOf } from '@jamnet/ledger';
import { checkpointText, encodeLeaf, type Leaf, leafHash } from '@jamnet/ledger/verifier';
import { describe, expect, it } from 'vitest';
import type { EntryProof, LedgerEntry } from '../api/endpoints.ts';
import { checkProof } from './check-proof.ts';
import { noteOf, pathOf, rootOf } from './testing/small-tree.ts';
import { text } from './text.ts';

const LOG = signerFromSeed('studio.example/log', new Uint8Array(32).fill(7));
const STRANGER = signerFromSeed('studio.example/log', new Uint8Array(32).fill(8));
const VKEY = vkeyOf(LOG);
const WORDS = text.en;

const LEAVES: readonly Leaf[] = Array.from({ length: 11 }, (_, index) => ({
  type: 'entry',
  state: 'posted',
  acceptedAtUs: BigInt(index),
  key: `payment-${index}`,
  kind: 'epoch.pay',
  evidence: null,
  expiresAtUs: null,
  legs: [
    { account: 'pool:JAM', amount: -BigInt(index + 1) },
    { account: 'payee:p1:JAM', amount: BigInt(index + 1) },
  ],
}));
const BYTES = LEAVES.map((leaf) => encodeLeaf(leaf));
const HASHES = BYTES.map((bytes) => leafHash(bytes));

function leafBase64(index: number): string {
  return toBase64(BYTES[index] ?? new Uint8Array(0));
}

function shown(index: number): LedgerEntry {
  return {
    index,
    leafBase64: leafBase64(index),
    kind: 'epoch.pay',
    text: 'in the studio’s words',
    legs: [
      { account: 'pool:JAM', amount: String(-(index + 1)) },
      { account: 'payee:p1:JAM', amount: String(index + 1) },
    ],
  };
}

function proof(index: number): EntryProof {
  const text = checkpointText({ origin: LOG.name, size: BigInt(HASHES.length), root: rootOf(HASHES) });
  return {
    index,
    size: HASHES.length,
    leafBase64: leafBase64(index),
    hashesBase64: pathOf(index, HASHES).map(toBase64),
    checkpoint: noteOf(text, LOG),
    vkey: VKEY,
    origin: LOG.name,
  };
}

/** The same bytes with one bit of the last one changed. */
function bent(base64: string): string {
  const bytes = fromBase64(base64) ?? encodeUtf8(base64);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  return toBase64(bytes);
}

describe('a proof checked in the browser', () => {
  it('holds for every entry of the log', () => {
    for (const index of LEAVES.keys())
      expect(checkProof(shown(index), proof(index), VKEY, WORDS).holds).toBe(true);
  });

  it('tells what the leaf itself says', () => {
    expect(checkProof(shown(3), proof(3), VKEY, WORDS).steps.at(-1)?.detail).toBe(
      'posted epoch.pay payment-3',
    );
  });

  const honest = proof(4);
  const [first = '', ...others] = honest.hashesBase64;
  const forged = checkpointText({ origin: LOG.name, size: 11n, root: new Uint8Array(32) });
  const bad: readonly (readonly [string, string, Partial<EntryProof>])[] = [
    ['a changed leaf', 'inclusion', { leafBase64: bent(honest.leafBase64) }],
    ['a changed neighbour', 'inclusion', { hashesBase64: [bent(first), ...others] }],
    ['a missing neighbour', 'inclusion', { hashesBase64: others }],
    ['neighbours that are no base64', 'inclusion', { hashesBase64: ['?', ...others] }],
    ['a leaf that is no base64', 'inclusion', { leafBase64: '!!' }],
    ['another entry’s proof', 'size', proof(5)],
    ['another size', 'size', { size: 12 }],
    [
      'a root that nobody signed',
      'checkpoint',
      { checkpoint: honest.checkpoint.replace(toBase64(rootOf(HASHES)), toBase64(new Uint8Array(32))) },
    ],
    [
      'a stranger’s signature under the log’s name',
      'checkpoint',
      { checkpoint: noteOf(forged, STRANGER), vkey: vkeyOf(STRANGER) },
    ],
    ['no checkpoint', 'checkpoint', { checkpoint: '' }],
    ['a signed root of another tree', 'inclusion', { checkpoint: noteOf(forged, LOG) }],
  ];
  it.each(bad)('fails with %s, at the step “%s”', (_, step, change) => {
    const report = checkProof(shown(4), { ...honest, ...change }, VKEY, WORDS);
    expect(report.holds).toBe(false);
    expect(report.steps.find(({ outcome }) => outcome === 'failed')?.name).toBe(step);
  });

  const mistold: readonly (readonly [string, Partial<LedgerEntry>])[] = [
    [
      'another amount',
      {
        legs: [
          { account: 'pool:JAM', amount: '-5' },
          { account: 'payee:p1:JAM', amount: '6' },
        ],
      },
    ],
    [
      'another account',
      {
        legs: [
          { account: 'pool:JAM', amount: '-5' },
          { account: 'payee:p2:JAM', amount: '5' },
        ],
      },
    ],
    ['a leg less', { legs: [{ account: 'pool:JAM', amount: '-5' }] }],
    ['another kind', { kind: 'receipt' }],
    ['other bytes', { leafBase64: leafBase64(5) }],
  ];
  it.each(mistold)('fails when the page showed %s than the leaf says', (_, change) => {
    const report = checkProof({ ...shown(4), ...change }, honest, VKEY, WORDS);
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'failed']);
  });

  it('says nothing about steps that rest on a failed one', () => {
    const report = checkProof(shown(4), { ...honest, checkpoint: '' }, VKEY, WORDS);
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
  });
});
