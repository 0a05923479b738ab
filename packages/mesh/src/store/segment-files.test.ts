import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SegmentEnd, SegmentFiles } from './segment-files.ts';

let directory = '';
const opened: SegmentFiles[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-blobs-'));
});

afterEach(async () => {
  for (const files of opened.splice(0)) await files.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(committed: readonly SegmentEnd[], bytesMax?: number): SegmentFiles {
  const files = new SegmentFiles(directory, committed, bytesMax);
  opened.push(files);
  return files;
}

const key = (n: number) => n.toString(16).padStart(64, '0');
const blob = (n: number, length = 20) => new Uint8Array(length).fill(n);
const first = () => join(directory, '00000001.blobs');

test('what was put can be read at once, after its flush, and after opening again', async () => {
  const files = open([]);
  files.put(key(1), blob(1));
  expect(files.get(key(1))).toEqual(blob(1));
  const ends = await files.flush();
  expect(files.get(key(1))).toEqual(blob(1));
  expect(open(ends).get(key(1))).toEqual(blob(1));
  expect(files.get(key(2))).toBeNull();
});

test('a blob that is known is not written again', async () => {
  const files = open([]);
  files.put(key(1), blob(1));
  files.put(key(1), blob(1));
  expect(await files.flush()).toEqual([{ segment: 1, bytes: 56 }]);
  files.put(key(1), blob(1));
  expect(await files.flush()).toEqual([]);
  expect(statSync(first()).size).toBe(56);
});

test('what was flushed but not committed is cut off: half a blob is never taken for one', async () => {
  const files = open([]);
  files.put(key(1), blob(1));
  const committed = await files.flush();
  files.put(key(2), blob(2));
  await files.flush();
  appendFileSync(first(), 'torn by a power cut');
  const again = open(committed);
  expect(again.has(key(2))).toBe(false);
  again.put(key(2), blob(3));
  await again.flush();
  expect(again.get(key(2))).toEqual(blob(3));
  expect(again.get(key(1))).toEqual(blob(1));
});

test('a file whose first commit never came is removed, and one of another name is left', () => {
  writeFileSync(first(), 'x');
  writeFileSync(join(directory, 'README'), 'x');
  open([]);
  expect(readdirSync(directory)).toEqual(['README']);
});

test('a file shorter than committed is told', async () => {
  const files = open([]);
  files.put(key(1), blob(1));
  const ends = await files.flush();
  truncateSync(first(), 40);
  expect(() => open(ends)).toThrow(expect.objectContaining({ code: 'blobs-damaged' }));
  rmSync(first());
  expect(() => open(ends)).toThrow(expect.objectContaining({ code: 'blobs-damaged' }));
});

test('a full file is followed by the next, and all are read', async () => {
  const files = open([], 100);
  for (let n = 1; n <= 4; n++) files.put(key(n), blob(n));
  const ends = await files.flush();
  expect(ends).toEqual([
    { segment: 1, bytes: 112 },
    { segment: 2, bytes: 112 },
  ]);
  files.put(key(5), blob(5));
  expect(await files.flush()).toEqual([{ segment: 3, bytes: 56 }]);
  expect(readdirSync(directory)).toEqual(['00000001.blobs', '00000002.blobs', '00000003.blobs']);
  const again = open([...ends, { segment: 3, bytes: 56 }], 100);
  expect([1, 2, 3, 4, 5].map((n) => again.get(key(n)))).toEqual([1, 2, 3, 4, 5].map((n) => blob(n)));
});

test('after a write that failed nothing more is called safe', async () => {
  const files = open([]);
  files.put(key(1), blob(1));
  await files.flush();
  const spoilt = { length: 4 } as Uint8Array; // no bytes: the system refuses to write it
  files.put(key(2), spoilt);
  await expect(files.flush()).rejects.toMatchObject({ code: 'blobs-unwritable' });
  files.put(key(3), blob(3));
  await expect(files.flush()).rejects.toMatchObject({ code: 'blobs-unwritable' });
});

test('agrees with a map under any order of puts, flushes and reopenings', async () => {
  const step = fc.oneof(
    fc.record({ put: fc.nat({ max: 9 }), length: fc.nat({ max: 60 }) }),
    fc.constantFrom('commit' as const, 'crash' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      rmSync(directory, { recursive: true, force: true });
      const committed = new Map<number, number>();
      let safe = new Map<string, Uint8Array>();
      let model = new Map<string, Uint8Array>();
      const ends = () => [...committed].map(([segment, bytes]) => ({ segment, bytes }));
      let files = open([], 100);
      for (const one of steps) {
        if (one === 'commit') {
          for (const { segment, bytes } of await files.flush()) committed.set(segment, bytes);
          safe = new Map(model);
        } else if (one === 'crash') {
          await files.close();
          files = open(ends(), 100);
          model = new Map(safe);
        } else if (!model.has(key(one.put))) {
          model.set(key(one.put), blob(one.put, one.length));
          files.put(key(one.put), blob(one.put, one.length));
        }
      }
      for (let n = 0; n < 10; n++) expect(files.get(key(n))).toEqual(model.get(key(n)) ?? null);
      await files.close();
    }),
    { numRuns: 50 },
  );
});

test('of what is forgotten no byte is left in the files, its neighbours stay, and it may be put again', async () => {
  const files = open([]);
  for (const n of [1, 2, 3]) files.put(key(n), blob(n + 60));
  await files.forget([key(2), key(9)]);
  const ends = await files.flush();
  expect(readFileSync(first()).includes(62)).toBe(false);
  for (const each of [files, open(ends)]) {
    expect(each.get(key(1))).toEqual(blob(61));
    expect(each.get(key(2))).toEqual(new Uint8Array(0));
    expect(each.has(key(2))).toBe(false);
    expect(each.get(key(3))).toEqual(blob(63));
  }
  files.put(key(2), blob(62));
  const more = await files.flush();
  const again = open(more);
  expect(again.get(key(2))).toEqual(blob(62));
  expect(again.get(key(3))).toEqual(blob(63));
});
