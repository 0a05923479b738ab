import { refuse } from '@jamnet/base';
import type { Economy } from '@jamnet/economy';
import { expect, test } from 'vitest';
import { lookOnce } from './follow-books.ts';

type Epochs = Awaited<ReturnType<Economy['unclosedEpochs']>>;

/** A studio whose journal and epochs others change. */
function studio(finishes: boolean) {
  const seen = {
    size: 1n,
    states: ['open'],
    published: 0,
    closed: [] as string[],
    fails: false,
    closeFails: false,
  };
  const failures: unknown[] = [];
  const look = lookOnce({
    finishes,
    ledger: { size: async () => seen.size },
    economy: {
      // What is looked at of an epoch.
      unclosedEpochs: async () =>
        seen.states.map((state, n) => ({ id: `e${n}`, state })) as unknown as Epochs,
      close: async (_now, id) => {
        seen.closed.push(id);
        if (seen.closeFails) throw new Error('the close broke');
        return refuse('another-process-leads', 'It is being closed.');
      },
    },
    publishBooks: async () => {
      if (seen.fails) throw new Error('the database is away');
      seen.published++;
    },
    nowUs: () => 0n,
    onFailure: (error) => failures.push(error),
  });
  return { seen, failures, look };
}

test('what other processes wrote is published once, and again after it failed', async () => {
  const { seen, look } = studio(false);
  await look();
  await look();
  expect(seen.published).toBe(1);
  seen.size = 2n;
  seen.fails = true;
  await expect(look()).rejects.toThrow('away');
  seen.fails = false;
  await look();
  await look();
  expect(seen.published).toBe(2);
});

test('a close that was decided and left is finished by the role for it alone, and an open epoch is nobody’s to close', async () => {
  for (const finishes of [true, false]) {
    const { seen, look } = studio(finishes);
    seen.states = ['settling', 'open'];
    await look();
    expect(seen.closed).toEqual(finishes ? ['e0'] : []);
  }
});

test('a close that breaks is told and tried again, and keeps nobody from publishing', async () => {
  const { seen, failures, look } = studio(true);
  seen.states = ['settling'];
  seen.closeFails = true;
  await look();
  expect(failures).toEqual([new Error('the close broke')]);
  expect(seen.published).toBe(1);
  seen.closeFails = false;
  seen.size = 2n;
  await look();
  expect(seen).toMatchObject({ published: 2, closed: ['e0', 'e0'] });
});
