import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LiveState } from '../live/live-state.ts';
import { type EveningStep, runEvening } from './evening-runner.ts';

interface Results {
  first: number;
  second: number;
}

function evening(seed: string, log: string[], secondFails: () => boolean) {
  const steps: EveningStep<Results>[] = [
    {
      name: 'first',
      title: 'First',
      run: async () => {
        log.push('first');
        return 1;
      },
    },
    {
      name: 'second',
      title: 'Second',
      run: async (done) => {
        log.push('second');
        if (secondFails()) throw new Error('planted');
        return (done.first ?? 0) + 1;
      },
    },
  ];
  return { seed, steps, live: new LiveState('test'), onProgress: () => undefined };
}

const newDiary = () => join(mkdtempSync(join(tmpdir(), 'jamnet-evening-')), 'evening.json');

test('a failed step is named, and the next start goes on from it', async () => {
  const diaryFile = newDiary();
  const log: string[] = [];
  await expect(runEvening({ diaryFile, ...evening('s', log, () => true) })).rejects.toMatchObject({
    step: 'second',
  });
  expect(await runEvening({ diaryFile, ...evening('s', log, () => false) })).toEqual({ first: 1, second: 2 });
  expect(log).toEqual(['first', 'second', 'second']);
});

test('an evening begun with another seed is refused', async () => {
  const diaryFile = newDiary();
  await runEvening({ diaryFile, ...evening('one', [], () => false) });
  await expect(runEvening({ diaryFile, ...evening('two', [], () => false) })).rejects.toMatchObject({
    code: 'seed-differs',
  });
});

test('the page sees each step begin and end', async () => {
  const plan = evening('s', [], () => false);
  const seen: string[] = [];
  await runEvening({
    diaryFile: newDiary(),
    ...plan,
    onProgress: (step) => seen.push(`${step.name} ${step.state}`),
  });
  expect(seen).toEqual(['first running', 'first done', 'second running', 'second done']);
  expect(plan.live.current.evening.state).toBe('done');
});
