import { subscribe } from 'node:diagnostics_channel';
import { afterAll, expect } from 'vitest';

/** By this channel studios of this process tell what they answer. */
const ANSWERS = 'jamnet:studio:answer';
/** Kept for the report; one broken promise is enough to fail. */
const FAULTS_MAX = 20;

type Check = typeof import('../../packages/studio/src/http/contracts/broken-promise.ts');
type Answered = Parameters<Check['brokenPromise']>[0];

// Loaded by the first answer: most tests have none.
let check: Promise<Check> | null = null;
let last: Promise<void> = Promise.resolve();
const faults = new Set<string>();

async function hold(answered: Answered): Promise<void> {
  check ??= import('../../packages/studio/src/http/contracts/broken-promise.ts');
  const fault = (await check).brokenPromise(answered);
  if (fault !== null && faults.size < FAULTS_MAX) faults.add(fault);
}

subscribe(ANSWERS, (message) => {
  const before = last;
  // Only studios speak on this channel.
  last = before.then(() => hold(message as Answered));
});

afterAll(async () => {
  await last;
  expect([...faults], 'answers that are not as their routes promise').toEqual([]);
});
