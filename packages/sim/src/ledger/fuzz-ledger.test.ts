import { REFUSAL_CODES } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { fuzzLedger } from './fuzz-ledger.ts';

const REQUESTS = 2_000;

/** Codes that single random requests cannot meet: limits of a call or a process, and time itself. */
const NOT_DRAWN = new Set(['batch-too-large', 'batch-legs-too-many', 'ledger-busy', 'time-malformed']);

describeOnEveryEngine('the ledger under random requests', (openFresh) => {
  test(`${REQUESTS} requests, good and bad, are answered as by the naive model`, async () => {
    const open = async () => ({ database: (await openFresh()).database, close: async () => {} });
    const { answers, requests, leaves } = await fuzzLedger({
      seed: 'test',
      requests: REQUESTS,
      openFresh: open,
    });
    expect(requests).toBeGreaterThanOrEqual(REQUESTS);
    expect(leaves).toBeGreaterThan(300n);
    // A workload that never meets a rule would agree on it for nothing.
    const drawn = REFUSAL_CODES.filter((code) => !NOT_DRAWN.has(code));
    expect(Object.keys(answers).sort()).toEqual(['accepted', 'accepted again', ...drawn].sort());
  });
});
