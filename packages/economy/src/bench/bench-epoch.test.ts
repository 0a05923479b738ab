import { expect, test } from 'vitest';
import { benchEpoch } from './bench-epoch.ts';

const SIZE = { contributors: 50, contributions: 500, receipts: 100, uses: 2_500 };

test('the benchmark closes a small epoch exactly, in a thread of its own as in the same one', async () => {
  const phases: string[] = [];
  const here = await benchEpoch(SIZE, { onPhase: (phase) => phases.push(phase) });
  expect(here).toMatchObject({ sumExact: true, payees: 50, explained: 50 });
  expect(phases).toEqual(
    expect.arrayContaining(['reading', 'rows', 'settle', 'storing', 'posting', 'publishing']),
  );
  const beside = await benchEpoch(SIZE, { recordsBesideMin: 0n });
  expect(beside).toMatchObject({ sumExact: true, checksum: here.checksum });
}, 120_000);
