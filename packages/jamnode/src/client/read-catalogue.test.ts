import { entryToWire, signEntry } from '@jamnet/mesh';
import { expect, test } from 'vitest';
import { kernelSha256 } from '../kernels/source-hash.ts';
import { standardCatalogue } from '../kernels/standard-catalogue.ts';
import { nodeKeyFromSeed, platformSha256 } from '../node/platform-crypto.ts';
import type { Link } from './link.ts';
import { readCatalogue } from './read-catalogue.ts';

const STUDIO = platformSha256(Buffer.from('studio of the test'));
const STUDIO_KEY = nodeKeyFromSeed(Buffer.from(STUDIO).toString('hex')).publicKey;
const ENTRIES = standardCatalogue().map((entry) => entryToWire(signEntry(entry, STUDIO)));

function read(catalogue: typeof ENTRIES, studioKey?: string) {
  let closed = 0;
  const welcome = { type: 'welcome', node: 'n1', studioKey: STUDIO_KEY, catalogue, heartbeatMs: 1 };
  // The two members that it uses.
  const link = { welcome, close: () => void closed++ } as unknown as Link;
  const options = { url: 'ws://studio/mesh', kernelSha256, onEvent: () => {}, studioKey };
  try {
    return { kinds: readCatalogue(options, link).map(({ kind }) => kind), closed };
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

test("entries signed by another studio than the owner's are not read", () => {
  expect(read(ENTRIES, '11'.repeat(32))).toEqual({ code: 'studio-other', closed: 1 });
});
