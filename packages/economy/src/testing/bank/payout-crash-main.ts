import { openSqlite } from '@jamnet/sql';
import { crashPayouts } from './payout-crash.ts';

/** `node packages/economy/src/rails/payout-crash-main.ts [seeds] [first]`: the crash test at length; exit code 1 with the seeds that failed. */
const [seeds = 500, first = 0] = process.argv.slice(2).map(Number);
const database = openSqlite({ file: ':memory:' });
const failed: unknown[] = [];
let [crashes, settled, returned] = [0, 0, 0];
for (let seed = first; seed < first + seeds; seed++) {
  const result = await crashPayouts(database, seed);
  crashes += result.crashes;
  settled += result.settled;
  returned += result.returned;
  if (result.fault !== null) failed.push(result);
}
await database.close();
process.stdout.write(`${JSON.stringify({ seeds, crashes, settled, returned, failed })}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
