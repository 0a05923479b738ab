import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { benchScale } from './bench-scale.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

test('the bench of a whole studio asks, joins, closes an epoch meanwhile, and says what each cost', async () => {
  const phases: string[] = [];
  const report = await benchScale({
    checkout: CHECKOUT,
    clients: 4,
    requests: 60,
    joins: 20,
    events: 2_000,
    epoch: { contributors: 20, contributions: 60, receipts: 20, uses: 100 },
    onPhase: (phase) => phases.push(phase),
  });
  expect(phases).toHaveLength(6);
  expect(report.api.requests).toBeGreaterThanOrEqual(60);
  expect(report.api.p95Ms).toBeGreaterThanOrEqual(report.api.p50Ms);
  expect(report.joins.joins).toBe(20);
  expect(report.close.seconds).toBeGreaterThan(0);
  // Where the machine has a NATS server, every event came through.
  if (report.events !== null) expect(report.events.events).toBe(2_000);
  if (process.platform === 'linux') expect(report.api.bottleneck).toMatch(/µs of processor time each/);
}, 240_000);
