import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { BATCH_BYTES_MAX, readBlobs } from './blobs.ts';
import { git } from './git.ts';
import { readTree } from './history.ts';
import { openRepository, type Repository } from './open-repository.ts';

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

async function opened(files: Readonly<Record<string, string>>): Promise<Repository> {
  const found = await openRepository(await makeRepository([{ author: 'Ada', files }], temporary.path));
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

test('git may say so many bytes at once and not one more', async () => {
  const text = 'x'.repeat(100_000);
  const repository = await opened({ a: text });
  const show = (outputBytesMax: number) =>
    git([`--git-dir=${repository.gitDirectory}`, 'cat-file', 'blob', 'HEAD:a'], '', { outputBytesMax });
  expect((await show(text.length)).toString()).toBe(text);
  await expect(show(text.length - 1)).rejects.toMatchObject({ code: 'git-output-too-large' });
});

test('contents of files are read so many bytes at a time', async () => {
  const repository = await opened({ a: 'one', b: 'two', c: 'three' });
  const ids = (await readTree(repository, repository.head)).map(({ blob }) => blob);
  const batchesOf = async (bytesEach: number): Promise<number> => {
    const asked: string[] = [];
    const taken: string[] = [];
    const counted: Repository = {
      ...repository,
      run: (args, input) => {
        asked.push(String(input));
        return repository.run(args, input);
      },
    };
    // Sizes are believed, so that no real file need be so large.
    await readBlobs(counted, new Map(ids.map((id) => [id, bytesEach])), (_id, bytes) => {
      taken.push(bytes.toString());
    });
    expect(taken.sort()).toEqual(['one', 'three', 'two']);
    return asked.length;
  };
  expect(await batchesOf(1)).toBe(1);
  expect(await batchesOf(BATCH_BYTES_MAX / 2)).toBe(2);
  expect(await batchesOf(BATCH_BYTES_MAX)).toBe(3);
});
