import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporary } from './testing/make-repository.ts';
import { rememberedVerdict, type Verdict } from './verdict-cache.ts';

const RUNS_NOT: Verdict = { kind: 'does-not-run', isFinal: true };
const judged = (...keys: string[]): Verdict => ({ kind: 'judged', keys });

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const { path, remove } = await makeTemporary();
  try {
    await use(path);
  } finally {
    await remove();
  }
}

test('a final verdict is kept, one that met a time limit is found anew', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'gate');
    const ask = (verdict: Verdict) => rememberedVerdict(path, async () => verdict);
    expect(await ask({ kind: 'does-not-run', isFinal: false })).toMatchObject({ isFinal: false });
    expect(await ask({ kind: 'unfinished', cause: 'machine-busy' })).toMatchObject({ kind: 'unfinished' });
    expect(await ask(judged('b'))).toEqual(judged('b'));
    expect(await ask(judged('c'))).toEqual(judged('b'));
    await writeFile(path, '{"torn');
    expect(await ask(RUNS_NOT)).toEqual(RUNS_NOT);
    expect(await ask(judged('d'))).toEqual(RUNS_NOT);
  }));

test('what an unfinished judging has tried is there for the next one, but for a line that a stop cut off, and goes with the verdict', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'gate');
    await rememberedVerdict(path, async (trials) => {
      await trials.keep('without 1', 'a');
      await trials.keep('without 2', null);
      return { kind: 'unfinished', cause: 'time-spent' };
    });
    await appendFile(`${path}.trials`, '\n["without 3","b');
    await rememberedVerdict(path, async (trials) => {
      expect([1, 2, 3].map((n) => trials.get(`without ${n}`))).toEqual(['a', null, undefined]);
      await trials.keep('without 3', 'c');
      return { kind: 'unfinished', cause: 'time-spent' };
    });
    await rememberedVerdict(path, async (trials) => {
      expect(trials.get('without 3')).toBe('c');
      return judged('b');
    });
    expect(await readdir(folder)).toEqual(['gate']);
  }));
