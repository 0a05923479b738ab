import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporary } from './testing/make-repository.ts';
import { rememberedVerdict, type Verdict } from './verdict-cache.ts';

test('a final verdict is kept, one that met a time limit is found anew', async () => {
  const { path: folder, remove } = await makeTemporary();
  try {
    const path = join(folder, 'gate');
    const ask = (keys: Verdict['keys'], isFinal: boolean) =>
      rememberedVerdict(path, async () => ({ keys, isFinal }));
    expect(await ask(null, false)).toBeNull();
    expect(await ask(['a'], false)).toEqual(['a']);
    expect(await ask(['b'], true)).toEqual(['b']);
    expect(await ask(['c'], true)).toEqual(['b']);
    await writeFile(path, '{"torn');
    expect(await ask(null, true)).toBeNull();
    expect(await ask(['d'], true)).toBeNull();
  } finally {
    await remove();
  }
});
