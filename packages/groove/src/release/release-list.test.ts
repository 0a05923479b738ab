import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { toHex } from '@jamnet/base';
import { expect, test } from 'vitest';
import { performanceOfDrummer } from '../testing/drummer.ts';
import { performancesSha256 } from './held-out-hash.ts';
import {
  isReleasedFile,
  lineSha256,
  NO_LINE_BEFORE,
  RELEASES_MAX,
  type ReleaseEntry,
  readReleases,
  releaseLine,
  releaseStatement,
} from './release-list.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const verifyWith = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  toHex(key) === toHex(raw) && verify(null, message, publicKey, signature);
const file = new Uint8Array([1, 2, 3]);
const sha256 = createHash('sha256').update(file).digest('hex');

const entry = (version: number, changes: Partial<ReleaseEntry> = {}): ReleaseEntry => ({
  version,
  kind: version === 1 ? 'first' : 'release',
  model: 'groove-1',
  modelSha256: sha256,
  modelBytes: 3,
  gainPpm: version === 1 ? null : 12_000n,
  gainLowerPpm: version === 1 ? null : -3n,
  heldOutSha256: version === 1 ? null : sha256,
  releasedAtUs: 1_700_000_000_000_000n,
  ...changes,
});

function listOf(entries: readonly ReleaseEntry[]): string[] {
  let previous = NO_LINE_BEFORE;
  return entries.map((one) => {
    const line = releaseLine(one, previous, sign(null, releaseStatement(one, previous), privateKey));
    previous = lineSha256(line);
    return line;
  });
}

const lines = listOf([entry(1), entry(2), entry(3, { kind: 'rollback', gainPpm: null, gainLowerPpm: null })]);
const read = (text: readonly string[]) =>
  readReleases(text.map((line) => `${line}\n`).join(''), raw, verifyWith);

test('a list of signed releases reads back, the last of them being what nodes run', () => {
  const releases = read(lines);
  expect(releases).toMatchObject({
    ok: true,
    value: [{ version: 1 }, { gainPpm: 12_000n, gainLowerPpm: -3n }, { kind: 'rollback' }],
  });
  expect(readReleases('', raw, verifyWith)).toMatchObject({ ok: true, value: [] });
});

const [first = '', second = '', third = ''] = lines;
test.each([
  ['a line left out', [first, third], 'list-broken'],
  ['lines exchanged', [second, first, third], 'list-broken'],
  ['another gain', [first, second.replace('12000', '92000'), third], 'release-forged'],
  [
    'a signature of zeros',
    [first.replace(/"signature":"[0-9a-f]+"/, `"signature":"${'0'.repeat(128)}"`)],
    'release-forged',
  ],
  ['a space', [first.replace(':', ': ')], 'list-malformed'],
  ['a member too many', [first.replace('{', '{"a":1,')], 'list-malformed'],
  ['no JSON', ['hello'], 'list-malformed'],
  ['null', ['null'], 'list-malformed'],
  ['a kind that is none', [first.replace('"first"', '"last"')], 'list-malformed'],
  ['more lines than a list may have', new Array<string>(RELEASES_MAX + 1).fill(first), 'list-full'],
])('%s is refused', (_name, text, code) => {
  expect(read(text)).toMatchObject({ ok: false, code });
});

test("another's key reads nothing", () => {
  expect(readReleases(`${first}\n`, new Uint8Array(32), verifyWith)).toMatchObject({
    ok: false,
    code: 'release-forged',
  });
});

test('the file of a release is known by its length and hash', () => {
  expect(isReleasedFile(entry(1), file)).toBe(true);
  expect(isReleasedFile(entry(1), new Uint8Array([1, 2, 4]))).toBe(false);
  expect(isReleasedFile(entry(1, { modelBytes: 4 }), file)).toBe(false);
});

test('a set of performances has one hash, whatever their order, and another as soon as a stroke moves', () => {
  const [a, b] = [performanceOfDrummer('a', 3), performanceOfDrummer('b', 3)];
  expect(performancesSha256([a, b])).toBe(performancesSha256([b, a]));
  const moved = {
    ...a,
    hits: a.hits.map((hit, i) => (i === 3 ? { ...hit, offsetUs: hit.offsetUs + 1 } : hit)),
  };
  expect(performancesSha256([moved, b])).not.toBe(performancesSha256([a, b]));
  expect(performancesSha256([a])).not.toBe(performancesSha256([a, a]));
});
