import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { closeEpoch } from '../core/epoch/close-epoch.ts';
import { naiveCloseEpoch } from './naive-close-epoch.ts';
import { inputOf, worlds } from './random-epochs.ts';

/** `node packages/economy/src/testing/random-epochs-main.ts [epochs] [seed]`: columns, naive model and exact sums at length. */
const [epochs = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const result = fc.check(
  fc.property(worlds, (world) => {
    const input = inputOf(world);
    const closed = closeEpoch(input);
    if (!closed.ok || !isDeepStrictEqual(closed, naiveCloseEpoch(input))) return false;
    const { payments, publicEpoch } = closed.value;
    let rest = publicEpoch.issuedMicroJam;
    for (const { microJam, lines } of payments) {
      rest -= microJam;
      if (lines.reduce((sum, line) => sum + line.microJam, 0n) !== microJam) return false;
    }
    return rest === 0n && 2n * publicEpoch.contributorShareCents >= publicEpoch.revenueCents;
  }),
  { numRuns: epochs, seed },
);
const { failed, numRuns, counterexamplePath } = result;
process.stdout.write(`${JSON.stringify({ epochs: numRuns, seed, failed, counterexamplePath })}\n`);
process.exitCode = failed ? 1 : 0;
