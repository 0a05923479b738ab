import { checkSize, runScaleSeeds, type ScaleSize, type SeedsReport, SMALL_SCALE } from '@jamnet/sim';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const SEEDS_MAX = 100_000;
/** Tasks of a day where nobody says how many: one for so many hosts, and never fewer than the small world has. */
const HOSTS_A_TASK = 5;

interface ScaleOptions {
  readonly seeds: string;
  readonly hosts: string;
  readonly members: string;
  readonly rooms: string;
  readonly days: string;
  readonly tasksPerDay?: string;
  readonly json?: boolean;
}

/** Simulated worlds of the real parts, by seed. */
export function addSimCommand(program: Command, context: CommandContext): void {
  const sim = program
    .command('sim')
    .description('simulate a studio of the real parts through faults, by seed');
  sim
    .command('scale')
    .description(
      'hosts, rooms, members and a bank around one studio, in simulated time; every checker at the end',
    )
    .option('--seeds <from..to>', 'one seed, or the first and the last of many', '0')
    .option('--hosts <n>', '', `${SMALL_SCALE.hosts}`)
    .option('--members <n>', '', `${SMALL_SCALE.members}`)
    .option('--rooms <n>', '', `${SMALL_SCALE.rooms}`)
    .option('--days <n>', 'from the first of a month; its month is closed too', `${SMALL_SCALE.days}`)
    .option('--tasks-per-day <n>', 'default: one for five hosts')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nA seed runs the same way on every machine: compare traces. Ends with 1 when a seed breaks a promise, and says which.\n\nExamples:\n  jamnet sim scale --seeds 92\n  jamnet sim scale --seeds 0..999 --json          every night, about an hour of a core\n  jamnet sim scale --hosts 10000 --members 100000 --rooms 1000 --days 90',
    )
    .action(async (options: ScaleOptions) => {
      const size = orEnd(checkSize(sizeOf(options)), EXIT.usage);
      const [from, to] = seedsOf(options.seeds);
      const report = await runScaleSeeds({ from, to, size, ...progress(context, from, to) });
      print(context, options.json, report, () => scaleText(report));
      if (report.broken.length === 0) return;
      const seeds = report.broken.map(({ seed }) => seed).join(', ');
      throw new CommandError('promise-broken', `A promise was broken by seed ${seeds}.`, EXIT.failed);
    });
}

function sizeOf(options: ScaleOptions): ScaleSize {
  const hosts = Number(options.hosts);
  const fewest = Math.max(SMALL_SCALE.tasksPerDay, Math.ceil(hosts / HOSTS_A_TASK));
  return {
    hosts,
    members: Number(options.members),
    rooms: Number(options.rooms),
    days: Number(options.days),
    tasksPerDay: options.tasksPerDay === undefined ? fewest : Number(options.tasksPerDay),
  };
}

function seedsOf(text: string): readonly [number, number] {
  const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match && from <= to && to - from < SEEDS_MAX) return [from, to];
  throw new CommandError(
    'option-invalid',
    `--seeds ${text}: write one seed as 92, or at most ${SEEDS_MAX} as 0..999.`,
    EXIT.usage,
  );
}

/** Days of a single seed, seeds of many. */
function progress({ stderr }: CommandContext, from: number, to: number) {
  const say = (text: string): void => void stderr.write(text);
  if (from === to)
    return {
      onDay: (seed: number, day: number, days: number) => say(`seed ${seed}: day ${day} of ${days}\n`),
    };
  return {
    onSeed: (done: number, of: number, failed: number) => {
      if (done % 10 === 0 || done === of) say(`${done} of ${of} seeds, ${failed} broken\n`);
    },
  };
}

function scaleText({ seeds, broken, faults, totals, first, processorSeconds }: SeedsReport): string {
  const rows = [
    ...Object.entries(totals),
    ...Object.entries(faults).map(([kind, count]) => [`fault: ${kind}`, `${count}`]),
  ];
  const wrong = broken.map(({ seed, message, faults: plan }) =>
    [`seed ${seed}: ${message}`, ...plan].join('\n    '),
  );
  return [
    ...wrong,
    columns(
      rows.map(([name = '', value = '']) => [name, value]),
      [1],
    ),
    `${seeds - broken.length} of ${seeds} seeds held, ${processorSeconds} s of processor time${first ? `; trace of seed ${first.seed}: ${first.trace}` : ''}`,
  ].join('\n');
}
