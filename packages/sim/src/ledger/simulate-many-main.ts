import { simulateLedger } from './simulate-ledger.ts';

/** `node simulate-many-main.ts [how many] [first]`: seeds one after the other; ends with 1 at the first that fails. */
const [count = '1000', first = '0'] = process.argv.slice(2);
let [leaves, crashes, checkpoints] = [0n, 0, 0];
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  try {
    const run = await simulateLedger(`ledger ${seed}`);
    leaves += run.leaves;
    crashes += run.crashes;
    checkpoints += run.checkpoints;
  } catch (cause) {
    console.error(`seed "ledger ${seed}":`, cause);
    process.exit(1);
  }
}
console.log(JSON.stringify({ seeds: Number(count), leaves: String(leaves), crashes, checkpoints }));
