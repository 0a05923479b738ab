import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { putRepairedTake } from '../listening/testing/repaired-take.ts';
import { TakeStore } from './take-store.ts';

const [WHOLE, BROKEN] = ['1a'.repeat(20), '2b'.repeat(20)];
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-take-store-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  ['cut off', '{"id":"2b'],
  ['of another take', JSON.stringify({ id: WHOLE, variants: [], spans: [] })],
  ['nothing', 'null'],
  ['without its spans', JSON.stringify({ id: BROKEN, variants: [] })],
  ['a folder', null],
])('one take whose view is %s hides no other, and is told by its name, once', (_what, text) => {
  const told: string[] = [];
  const takes = new TakeStore(
    directory,
    () => 0,
    (message) => told.push(message),
  );
  putRepairedTake(takes, WHOLE, { holes: 1 });
  const file = join(takes.createFolder(BROKEN), 'take.json');
  if (text === null) mkdirSync(file);
  else writeFileSync(file, text);
  for (let look = 0; look < 2; look++) expect(takes.views().map(({ id }) => id)).toEqual([WHOLE]);
  expect(told).toEqual([expect.stringContaining(`take ${BROKEN} is left out`)]);
});
