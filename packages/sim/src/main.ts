import { parseArgs } from 'node:util';
import { simulateLedger } from './ledger/simulate-ledger.ts';
import { hostTable, simulateHosts } from './mesh/simulate-hosts.ts';
import { checkJam } from './network/check-jam.ts';
import { fuzzWire } from './network/fuzz-wire.ts';
import { studyTable } from './network/jellie-study.ts';

/**
 * `npm run sim -- [jam|jellie|packets|ledger|hosts|all] [--seed TEXT] [--seeds N]`: runs seeded simulations; a seed that fails is printed
 * with its plan and ends the run with exit code 1. The same seed fails the same way on every machine.
 */
const HELP = `usage: npm run sim -- [jam|jellie|packets|ledger|hosts|all] [--seed TEXT] [--seeds N]

  jam     rooms through loss, reordering, corruption and relay restarts, in virtual time
  jellie  what each redundancy scheme attains under each impairment of the bench, beside the erasure bound
  packets random and mutated packets, 10,000 for each of --seeds; with node --expose-gc the heap is held to a bound
  ledger  crashes at every write boundary, repeated and reordered requests
  hosts   what honest and lying hosts earn: a table for three costs of work

examples: npm run sim -- --seed 92          one seed of each world
          npm run sim -- ledger --seeds 1000   the nightly run
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
const world = positionals[0] ?? 'all';
const count = Number(values.seeds);
if (
  values.help ||
  !['jam', 'jellie', 'packets', 'ledger', 'hosts', 'all'].includes(world) ||
  !Number.isInteger(count) ||
  count < 1
) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
const seeds =
  values.seed === undefined ? Array.from({ length: count }, (_, index) => String(index)) : [values.seed];

function fail(seed: string, plan: string, faults: readonly string[]): never {
  process.stderr.write(
    `seed ${seed} FAILED\n  plan ${plan}\n${faults.map((fault) => `  ${fault}\n`).join('')}`,
  );
  process.exit(1);
}

function runJam(): void {
  for (const seed of seeds) {
    const verdict = checkJam(seed);
    if (verdict.faults.length > 0) fail(seed, verdict.plan, verdict.faults);
  }
  process.stdout.write(`jam: ${seeds.length} seeds, everybody heard everybody within a second of healing\n`);
}

function runPackets(): void {
  const seed = seeds[0] ?? '0';
  const collect = (globalThis as { gc?: () => void }).gc; // there with --expose-gc only
  const verdict = fuzzWire(seed, 10_000 * count, collect);
  if (verdict.faults.length > 0) fail(seed, `${verdict.packets} packets`, verdict.faults);
  process.stdout.write(
    `packets: ${verdict.packets} of seed ${seed}, heap ${(verdict.grownBytes / 2 ** 20).toFixed(1)} MiB more, taken ${JSON.stringify(verdict.taken)}\n`,
  );
}

async function runLedger(): Promise<void> {
  let crashes = 0;
  for (const seed of seeds) {
    try {
      crashes += (await simulateLedger(seed)).crashes;
    } catch (cause) {
      fail(seed, 'drawn from the seed', [cause instanceof Error ? cause.message : String(cause)]);
    }
  }
  process.stdout.write(`ledger: ${seeds.length} seeds, ${crashes} crashes, the books held\n`);
}

function runHosts(): void {
  for (const costPermille of [300, 600, 900]) {
    const simulation = simulateHosts({
      seed: seeds[0] ?? '0',
      tasksPerHost: 2000,
      hostsPerStrategy: 8,
      costPermille,
    });
    process.stdout.write(
      `\nhosts: cost ${costPermille / 1000} of pay, checksum ${simulation.checksum}\n${hostTable(simulation)}\n`,
    );
  }
}

if (world === 'packets') runPackets();
if (world === 'jellie') process.stdout.write(`${studyTable(1000 * count, seeds[0] ?? '0')}\n`);
if (world === 'jam' || world === 'all') runJam();
if (world === 'ledger' || world === 'all') await runLedger();
if (world === 'hosts' || world === 'all') runHosts();
