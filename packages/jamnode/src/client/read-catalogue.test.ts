import { entryToWire, type KeyHandOver, signEntry, signHandOver } from '@jamnet/mesh';
import { expect, test } from 'vitest';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { standardCatalogue } from '../kernels/standard-catalogue.ts';
import { nodeKeyFromSeed, platformSha256 } from '../node/platform-crypto.ts';
import type { Link } from './link.ts';
import { readCatalogue } from './read-catalogue.ts';

const STUDIO = platformSha256(Buffer.from('studio of the test'));
const STUDIO_KEY = nodeKeyFromSeed(Buffer.from(STUDIO).toString('hex')).publicKey;
const ENTRIES = standardCatalogue().map((entry) => entryToWire(signEntry(entry, STUDIO)));

function read(catalogue: typeof ENTRIES, known: string | null = null, keyHandOvers?: readonly KeyHandOver[]) {
  let closed = 0;
  let remembered: string | null = null;
  const studioKeys = {
    known: () => known,
    remember: (_url: string, key: string) => {
      remembered = key;
    },
    place: 'studios.json',
  };
  const welcome = {
    ...{ type: 'welcome', node: 'n1', studioKey: STUDIO_KEY, keyHandOvers, catalogue, heartbeatMs: 1 },
  };
  // The two members that it uses.
  const link = { welcome, close: () => void closed++ } as unknown as Link;
  const options = { url: 'ws://studio/mesh', kernelSha256, onEvent: () => {}, studioKeys };
  try {
    const kinds = readCatalogue(options, link).map(({ kind }) => kind);
    return { kinds, closed, remembered };
  } catch (error) {
    return { code: (error as { code: string }).code, closed };
  }
}

test('takes what the studio signed', () => {
  const { kinds, closed } = read(ENTRIES, STUDIO_KEY);
  expect([kinds?.length, closed]).toEqual([ENTRIES.length, 0]);
});

test.each([
  ['a dearer deadline', { deadlineMs: 1 }],
  ['another tolerance', { tolerance: { rule: 'snr' as const, decibelMin: 1 } }],
  ['replicas that nobody signed', { replicas: 5 }],
  ['another model', { modelSha256: 'ab'.repeat(32) }],
])('an entry with %s under the old signature ends the session', (_, change) => {
  const [first, ...others] = ENTRIES;
  if (!first) throw new Error('no entries');
  const forged = { ...first, entry: { ...first.entry, ...change } };
  expect(read([forged, ...others])).toEqual({ code: 'catalogue-forged', closed: 1 });
});

test('a studio met for the first time is remembered, one that is known is not written again', () => {
  expect(read(ENTRIES).remembered).toBe(STUDIO_KEY);
  expect(read(ENTRIES, STUDIO_KEY).remembered).toBe(null);
  expect(read([]).remembered).toBe(null);
  const [first, ...others] = ENTRIES;
  if (!first) throw new Error('no entries');
  const forged = { ...first, entry: { ...first.entry, deadlineMs: 1 } };
  expect(read([forged, ...others]).remembered).toBeUndefined();
});

test('a new key is taken when the one known before has signed for it', () => {
  const before = platformSha256(Buffer.from('its key before'));
  const handOver = signHandOver(before, STUDIO_KEY);
  const { remembered, closed } = read(ENTRIES, handOver.from, [handOver]);
  expect([remembered, closed]).toEqual([STUDIO_KEY, 0]);
  expect(read(ENTRIES, handOver.from)).toEqual({ code: 'studio-other', closed: 1 });
});

test("entries signed by another studio than the owner's are not read", () => {
  expect(read(ENTRIES, '11'.repeat(32))).toEqual({ code: 'studio-other', closed: 1 });
});
