import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git } from '../git/git.ts';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { namesAddress } from './names-address.ts';

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
let mill: string;
beforeAll(async () => {
  temporary = await makeTemporary();
  mill = await makeRepository(
    [
      { author: 'Ada', files: { a: '1', '.mailmap': 'Ada <ada@new.example> <ada@example.org>\n' } },
      { author: 'Bo', message: 'b\n\nCo-authored-by: Cy <cy@example.org>', files: { b: '2' } },
    ],
    temporary.path,
  );
});
afterAll(() => temporary.remove());

test.each([
  ['ada@example.org', true],
  ['ADA@Example.org', true],
  ['cy@example.org', true],
  // What the mailmap says stands in no commit.
  ['ada@new.example', false],
  ['da@example.org', false],
  ['.*@example.org', false],
])('%s: %s', async (email, isNamed) => {
  expect(await namesAddress(mill, email)).toBe(isNamed);
});

test('a folder that is not there and a repository without commits name nobody; a folder that is none is told', async () => {
  expect(await namesAddress(join(temporary.path, 'nowhere'), 'ada@example.org')).toBe(false);
  const empty = join(temporary.path, 'empty.git');
  await git(['init', '--quiet', '--bare', empty]);
  expect(await namesAddress(empty, 'ada@example.org')).toBe(false);
  const none = join(temporary.path, 'none.git');
  mkdirSync(none);
  await expect(namesAddress(none, 'ada@example.org')).rejects.toMatchObject({ code: 'git-failed' });
});
