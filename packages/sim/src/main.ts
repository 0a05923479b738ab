import { parseArgs } from 'node:util';
import { simulateLedger } from './ledger/simulate-ledger.ts';
import { hostTable } from './mesh/host-table.ts';
import { simulateHosts } from './mesh/simulate-hosts.ts';
import { checkJams, summaryText } from './network/check-jams.ts';
import { fuzzWire } from './network/fuzz-wire.ts';
import { planTable } from './network/jellie-plans.ts';
import { studyTable } from './network/jellie-study.ts';
import { runScaleSeeds } from './scale/run-seeds.ts';
import { SMALL_SCALE } from './scale/scale-size.ts';

/**
 * `npm run sim -- [jam|jellie|packets|ledger|hosts|scale|all] [--seed TEXT] [--seeds N] [--packets N]`: runs seeded simulations; a seed that fails
 * is printed with its plan and makes the exit code 1. The same seed fails the same way on every machine.
 */
const HELP = `usage: npm run sim -- [jam|jellie|packets|ledger|hosts|scale|all] [--seed TEXT] [--seeds N] [--from N] [--packets N] [--hosts N] [--tasks N]

  jam     rooms through loss, reordering, corruption, drift, clock steps, restarts, leaves, late joins and lost direct paths, in virtual time;
          all seeds are played, those that fail are printed with their plans
  jellie  what each redundancy scheme attains under each impairment of the bench, beside the erasure bound; then what the rows'
          own plans and those that decide chooses cost and leave over eight phases of the two cards
  packets random and mutated packets, 10,000 for each of --seeds or --packets in all; with node --expose-gc the heap is held to a bound
  ledger  crashes at every write boundary, repeated and reordered requests
  hosts   what honest and lying hosts earn and what stays false: --hosts in hundreds (default 100), --tasks of each (default 2000)
  scale   a whole small studio through faults of every kind, its checkers at the end; other sizes: jamnet sim scale --help

examples: npm run sim -- --seed 92          one seed of each world
          npm run sim -- jam --seeds 1000      a thousand rooms (half an hour on one core)
          npm run sim -- jam --seed 318        one of them again
          node --expose-gc packages/sim/src/main.ts packets --packets 1000000
          npm run sim -- ledger --seeds 1000   the nightly run
          npm run sim -- hosts --seed 92       200,000 tasks; --hosts 10000 for as many each of 10,000 hosts
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '0' },
    packets: { type: 'string' },
    hosts: { type: 'string', default: '100' },
    tasks: { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
});
const world = positionals[0] ?? 'all';
const count = Number(values.seeds);
const first = Number(values.from);
const [hosts, tasksPerHost] = [Number(values.hosts), Number(values.tasks)];
const packets = values.packets === undefined ? 10_000 * count : Number(values.packets);
if (
  values.help ||
  !['jam', 'jellie', 'packets', 'ledger', 'hosts', 'scale', 'all'].includes(world) ||
  ![count, packets, hosts / 100, tasksPerHost].every((each) => Number.isInteger(each) && each >= 1) ||
  !Number.isInteger(first)
) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
const seeds =
  values.seed === undefined
    ? Array.from({ length: count }, (_, index) => String(first + index))
    : [values.seed];

function fail(seed: string, plan: string, faults: readonly string[]): never {
  process.stderr.write(
    `seed ${seed} FAILED\n  plan ${plan}\n${faults.map((fault) => `  ${fault}\n`).join('')}`,
  );
  process.exit(1);
}

function runJam(): void {
  const summary = checkJams(seeds, (verdict, done) => {
    if (verdict.faults.length > 0)
      process.stderr.write(
        `seed ${verdict.seed} FAILED (again with: npm run sim -- jam --seed ${verdict.seed})\n  plan ${verdict.plan}\n${verdict.faults.map((fault) => `  ${fault}\n`).join('')}`,
      );
    if (done % 50 === 0) process.stderr.write(`jam: ${done} of ${seeds.length} seeds\n`);
  });
  process.stdout.write(`jam: ${summaryText(summary)}\n`);
  if (summary.failed.length > 0) process.exit(1);
}

function runPackets(): void {
  const seed = seeds[0] ?? '0';
  const collect = (globalThis as { gc?: () => void }).gc; // there with --expose-gc only
  const verdict = fuzzWire(seed, packets, collect);
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

/** A hundred hosts, 40 of them honest; larger numbers of hosts are more such hundreds. */
function runHosts(): void {
  const simulation = simulateHosts({
    seed: seeds[0] ?? '0',
    tasksPerHost,
    honestHosts: 40,
    hostsPerStrategy: 4,
    populations: hosts / 100,
    onPopulation: (done) => {
      if (hosts > 100) process.stderr.write(`hosts: ${100 * done} of ${hosts}\n`);
    },
  });
  process.stdout.write(
    `\nhosts: ${simulation.hosts}, ${tasksPerHost} tasks each, seed ${seeds[0]}, checksum ${simulation.checksum}\n\n${hostTable(simulation)}\n`,
  );
}

/** Seeds of this world are numbers. */
async function runScale(): Promise<void> {
  const from = Number(seeds[0] ?? '0');
  const report = await runScaleSeeds({ from, to: from + seeds.length - 1, size: SMALL_SCALE });
  for (const { seed, message, faults } of report.broken)
    process.stderr.write(
      `seed ${seed} FAILED\n  ${message}\n${faults.map((fault) => `  ${fault}\n`).join('')}`,
    );
  process.stdout.write(
    `scale: ${report.seeds - report.broken.length} of ${report.seeds} seeds held, trace ${report.first?.trace ?? 'none'}\n`,
  );
  if (report.broken.length > 0) process.exit(1);
}

if (world === 'packets') runPackets();
if (world === 'jellie')
  process.stdout.write(
    `${studyTable(1000 * count, seeds[0] ?? '0')}\n\nover eight phases, 0.1 to 0.3 ms in the machines; * what decide chooses\n${planTable(125 * count, seeds[0] ?? '0')}\n`,
  );
if (world === 'jam' || world === 'all') runJam();
if (world === 'ledger' || world === 'all') await runLedger();
if (world === 'hosts' || world === 'all') runHosts();
if (world === 'scale' || world === 'all') await runScale();
