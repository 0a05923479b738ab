import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { DIFF_BYTES_MAX, describeCommit } from './describe-commit.ts';

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

test('a commit is shown with its size and its difference to what was there before', async () => {
  const repository = await makeRepository(
    [
      { author: 'Ada', files: { 'a.js': 'one\ntwo\n', 'b.bin': new Uint8Array([0, 1, 2]) } },
      { author: 'Ben', message: 'Mends two\n\nand more', files: { 'a.js': 'one\n2\n3\n', 'b.bin': null } },
    ],
    temporary.path,
  );
  const found = await describeCommit(repository, 'main');
  expect(found).toMatchObject({
    ok: true,
    value: { subject: 'Mends two', added: 2, removed: 1, files: 2, isCut: false },
  });
  expect(found.ok && found.value.diff).toContain('-two\n+2\n+3\n');
  expect(await describeCommit(repository, 'f'.repeat(40))).toMatchObject({ code: 'unknown-revision' });
});

test('a difference that is too long is cut at a line', async () => {
  const text = `${'x'.repeat(1023)}\n`.repeat(DIFF_BYTES_MAX / 1024 + 1);
  const repository = await makeRepository([{ author: 'Ada', files: { 'a.js': text } }], temporary.path);
  const found = await describeCommit(repository, 'main');
  if (!found.ok) throw new Error(found.message);
  expect(found.value).toMatchObject({ isCut: true, added: DIFF_BYTES_MAX / 1024 + 1 });
  expect(found.value.diff.length).toBeLessThanOrEqual(DIFF_BYTES_MAX);
  expect(found.value.diff.endsWith('x\n')).toBe(true);
});
