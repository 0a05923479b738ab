import { openSqlite } from '@jamnet/sql';
import { CrashStripe } from './crash-stripe.ts';
import { HarshBank } from './harsh-bank.ts';
import { LocalStripe } from './local-stripe.ts';
import { crashPayouts } from './payout-crash.ts';

/**
 * `node packages/economy/src/testing/bank/payout-crash-main.ts [seeds] [first] [stripe]`: the crash test at length, at the
 * harsh bank or over the Stripe rail; exit code 1 with the seeds that failed. Tells how far it is on stderr: a run that is
 * stopped has still shown something.
 */
const [seeds = 500, first = 0] = process.argv.slice(2).map(Number);
const overStripe = process.argv.includes('stripe');
const database = openSqlite({ file: ':memory:' });
const failed: unknown[] = [];
let [crashes, settled, returned] = [0, 0, 0];
for (let seed = first; seed < first + seeds; seed++) {
  const stripe = overStripe ? await LocalStripe.open() : null;
  const result = await crashPayouts(database, seed, (chance) =>
    stripe ? new CrashStripe(stripe, chance) : new HarshBank(chance),
  );
  await stripe?.close();
  crashes += result.crashes;
  settled += result.settled;
  returned += result.returned;
  if (result.fault !== null) failed.push(result);
  if ((seed - first) % 20 === 19)
    process.stderr.write(`to seed ${seed}: ${crashes} stops, ${failed.length} failed\n`);
}
await database.close();
process.stdout.write(
  `${JSON.stringify({ rail: overStripe ? 'stripe' : 'harsh', seeds, crashes, settled, returned, failed })}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
