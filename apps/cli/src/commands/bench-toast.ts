import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseTrace } from '@jamnet/pnbtr';
import { BENCH_ROW_NAMES, benchRelay, benchTable, benchToast, RELAY_LOADS } from '@jamnet/sim';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface ToastBenchOptions {
  readonly rows: string;
  readonly seconds: string;
  readonly packet: string;
  readonly phases: string;
  readonly repeats: string;
  readonly path: string;
  readonly trace?: readonly string[];
  readonly relaySeconds: string;
  readonly json?: boolean;
}

/** How well two players hear each other, and what a relay carries, each beside its goal. */
export function addBenchToastCommand(bench: Command, context: CommandContext): void {
  bench
    .command('toast')
    .description(
      'two players over UDP and an impairment proxy, each a process, and a relay under load; beside the goals',
    )
    .option(
      '--rows <list>',
      `of ${BENCH_ROW_NAMES.join(', ')}; or "all", or "relay" for the relay alone`,
      'all',
    )
    .option('--seconds <n>', 'of sound a row, shared out among the phases', '60')
    .option('--packet <frames>', '64, 128 or both: "64,128"', '64')
    .option('--phases <n>', 'places of one sound card between the periods of the other', '8')
    .option('--repeats <n>', 'each phase is played so often; the median counts', '1')
    .option('--path <path>', 'direct, as two players find each other, or relay', 'direct')
    .option('--trace <file...>', 'loss traces of your own (text of 0 and 1, 1 is lost) as further rows')
    .option('--relay-seconds <n>', 'a relay run, 0 for none', '5')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nUse a machine that does nothing else, and root or an rtprio limit: the report says what the threads got.\nExamples:\n  jamnet bench toast --json --repeats 3\n  jamnet bench toast --rows none,loss5 --seconds 10 --phases 2 --relay-seconds 0',
    )
    .action((options: ToastBenchOptions) => run(context, options));
}

async function run(context: CommandContext, options: ToastBenchOptions): Promise<void> {
  const phases = count('phases', options.phases, 1, 64);
  const repeats = count('repeats', options.repeats, 1, 99);
  const relaySeconds = count('relay-seconds', options.relaySeconds, 0, 600);
  const relayEntry = new URL(import.meta.resolve('@jamnet/studio/relay-main'));
  const played = await benchToast({
    relayEntry,
    secondsPerRow: count('seconds', options.seconds, 1, 3600),
    packetFrames: framesOf(options.packet),
    phases: Array.from({ length: phases }, (_, index) => (index + 0.5) / phases),
    repeats,
    path: pathOf(options.path),
    impairments: rowsOf(options.rows),
    traces: (options.trace ?? []).map(readTrace),
    seed: '1',
    onRun: (each) => void context.stderr.write(`${JSON.stringify(each)}\n`),
  });
  const relayRuns =
    relaySeconds === 0
      ? []
      : await benchRelay({ relayEntry, seconds: relaySeconds, repeats, loads: RELAY_LOADS });
  // What counts is the most that was carried whole; without any such run, the plainest one shows what is missing.
  const whole = relayRuns.filter((each) => each.deliveredPercent >= 99.999);
  const relay = whole.toSorted((a, b) => b.packetsPerSecondOut - a.packetsPerSecondOut)[0] ?? relayRuns[0];
  const report = { ...played, ...(relay === undefined ? {} : { relay, relayRuns }) };
  print(context, options.json, report, () => benchTable(report));
  if (options.json) context.stderr.write(`${benchTable(report)}\n`);
}

function rowsOf(text: string): readonly string[] {
  if (text === 'all') return BENCH_ROW_NAMES;
  if (text === 'relay') return [];
  const rows = text.split(',');
  const unknown = rows.filter((row) => !BENCH_ROW_NAMES.includes(row));
  if (unknown.length > 0)
    refuseOption(`--rows knows ${BENCH_ROW_NAMES.join(', ')}, not ${unknown.join(', ')}.`);
  return rows;
}

function pathOf(text: string): 'direct' | 'relay' {
  return text === 'direct' || text === 'relay' ? text : refuseOption('--path is direct or relay.');
}

function framesOf(text: string): (64 | 128)[] {
  return text.split(',').map((each) => {
    if (each === '64') return 64;
    return each === '128' ? 128 : refuseOption('--packet is 64, 128 or "64,128".');
  });
}

function readTrace(file: string): { name: string; trace: Uint8Array } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return refuseOption(`Cannot read ${file}: give the path of a trace file.`);
  }
  return { name: basename(file), trace: orEnd(parseTrace(text), EXIT.usage) };
}

function count(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuseOption(`--${name} is a whole number from ${least} to ${most}.`);
}

function refuseOption(message: string): never {
  throw new CommandError('option-invalid', message, EXIT.usage);
}
