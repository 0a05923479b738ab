import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { benchScale } from './bench-scale.ts';
import { API_MIX } from './load-api.ts';
import type { Spent } from './processor-time.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const EPOCH = { contributors: 20, contributions: 60, receipts: 20, uses: 100 };
const REQUESTS = 200;

/** Each of these processes worked for what was measured, and none for longer than the machine's cores allow. */
function expectWorked(spent: readonly Spent[], names: readonly string[], perSecond: number, cores: number) {
  expect(spent.map(({ process }) => process)).toEqual(names);
  for (const { process, mainUs, othersUs } of spent) {
    expect(mainUs + othersUs, process).toBeGreaterThan(0);
    // A share of the clock, with a quarter more for the rounding of rate and edges.
    expect(((mainUs + othersUs) * perSecond) / 1e6, process).toBeLessThan(1.25 * cores);
  }
}

test('the bench of a whole studio asks, joins, closes an epoch meanwhile, and says what each cost', async () => {
  const phases: string[] = [];
  const began = performance.now();
  const report = await benchScale({
    checkout: CHECKOUT,
    clients: 4,
    requests: REQUESTS,
    joins: 20,
    events: 2_000,
    epoch: EPOCH,
    onPhase: (phase) => phases.push(phase),
  });
  const tookSeconds = (performance.now() - began) / 1_000;
  expect(phases).toEqual([
    'filling an epoch',
    'starting a studio',
    'asking the API',
    'joining rooms',
    'closing the epoch while clients ask',
    'events through NATS',
  ]);
  const { api, joins, close, events, cores } = report;
  // Every kind of the mix was asked, as often as it asks, and each client ended the request it had begun.
  expect(API_MIX.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
  expect(Object.keys(api.p95MsByAsk).sort()).toEqual(API_MIX.map(({ name }) => name).sort());
  expect(api.requests).toBe(REQUESTS);
  // Quantiles in their order, all within the time that the whole took; the mix's lies between those of its kinds.
  const times = [api.p50Ms, api.p95Ms, api.p99Ms];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(api.p50Ms).toBeGreaterThan(0);
  expect(api.p99Ms / 1_000).toBeLessThan(tookSeconds);
  const kinds = Object.values(api.p95MsByAsk);
  expect(api.p95Ms).toBeGreaterThanOrEqual(Math.min(...kinds));
  expect(api.p95Ms).toBeLessThanOrEqual(Math.max(...kinds));
  // Four clients that wait for each answer: rate times mean waiting is at most four (Little's law); half wait p50 or more.
  expect((api.perSecond * api.p50Ms) / 2 / 1_000).toBeLessThanOrEqual(4 * 1.1);
  expect(joins.joins).toBe(20);
  expect(joins.perSecond).toBeGreaterThan(20 / tookSeconds);
  expect(joins.p95Ms).toBeGreaterThan(0);
  expect(close).toMatchObject(EPOCH);
  expect(close.seconds).toBeGreaterThan(0);
  expect(close.seconds).toBeLessThan(tookSeconds);
  // Others were answered while it closed.
  expect(close.apiMeanwhile.requests).toBeGreaterThan(0);
  // Where the machine has a NATS server, every event came through.
  if (events !== null) {
    expect(events.events).toBe(2_000);
    expect(events.perSecond).toBeGreaterThan(2_000 / tookSeconds);
  }
  if (process.platform !== 'linux') return;
  const both = ['the studio', 'the clients'];
  expectWorked(api.spent, both, api.perSecond, cores);
  expectWorked(joins.spent, both, joins.perSecond, cores);
  expect(api.bottleneck).toMatch(/^a request: the (studio|clients), \d+ of \d+ µs of processor time each/);
  expect(close.studioProcessorSeconds).toBeGreaterThan(0);
  expect(close.studioProcessorSeconds).toBeLessThan(cores * tookSeconds);
  if (events !== null)
    expectWorked(events.spent, ['the publisher', 'nats-server', 'the subscriber'], events.perSecond, cores);
}, 240_000);
