import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import {
  BENCH_DEFAULTS,
  BENCH_METHODS,
  BENCH_TIME_PACKETS,
  type BenchData,
  type BenchMethod,
  type BenchPlayed,
  type BenchReport,
  type BlockTimes,
  benchPnbtr,
  benchResampler,
  benchTime,
  type PacketTimes,
  type ResamplerRow,
} from '@jamnet/pnbtr';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface PnbtrBenchOptions {
  readonly data: string;
  readonly sources?: string;
  readonly traces: string;
  readonly packets: string;
  readonly methods: string;
  readonly files: string;
  readonly keep?: string;
  readonly timeBlocks: string;
  readonly json?: boolean;
}

const METHODS_ALL: readonly BenchMethod[] = [...BENCH_METHODS, 'repair'];

/** Concealment by the traces of a folder, every method on the same losses in the same run. */
export function addBenchPnbtrCommand(bench: Command, context: CommandContext): void {
  bench
    .command('pnbtr')
    .description('concealment by the traces of a data folder, beside plain Burg 1024')
    .requiredOption(
      '--data <dir>',
      'folder of manifests <trace>_P<packet>.tsv, with the references and traces that they name',
    )
    .option('--sources <tsv>', 'table of files and classes; else SOURCES.tsv in the folder or above a trace')
    .option('--traces <list>', 'names of the manifests', BENCH_DEFAULTS.traces.join(','))
    .option('--packets <list>', 'frames a packet', BENCH_DEFAULTS.packets.join(','))
    .option('--methods <list>', `of ${METHODS_ALL.join(', ')}`, BENCH_METHODS.join(','))
    .option('--files <n>', 'at most so many files of each manifest', '1000')
    .option('--keep <dir>', 'write what each method played to <dir>/<trace>_P<packet>/<method>/, 24 bit')
    .option('--time-blocks <n>', 'blocks of each packet length that are timed; 0 for none', '2000')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nEach file and its figures are told on stderr as it is done. Quiet is the fastest hundredth, worst includes whatever else the machine did.\nExamples:\n  jamnet bench pnbtr --data ./plc --json\n  jamnet bench pnbtr --data ./plc --traces iso5 --packets 128 --methods repair',
    )
    .action((options: PnbtrBenchOptions) => run(context, options));
  bench
    .command('resampler')
    .description(
      'tones through the resamplers of the jitter buffer and of files: purity, aliases, level, pitch',
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nTakes some ten seconds.\nExample:\n  jamnet bench resampler')
    .action((options: { readonly json?: boolean }) => {
      const rows = benchResampler();
      print(context, options.json, { rows }, () => resamplerTable(rows));
    });
}

function resamplerTable(rows: readonly ResamplerRow[]): string {
  const line = (...cells: string[]): string => cells.map((cell) => cell.padStart(14)).join('');
  return [
    line('kind', 'from Hz', 'to Hz', 'bent ppm', 'rest dB', 'aliases dB', 'level ± dB', 'pitch ± ppm'),
    ...rows.map((row) =>
      line(
        row.kind,
        ...[row.fromHz, row.toHz, row.ppm].map(String),
        row.impurityDb.toFixed(1),
        row.aliasDb?.toFixed(1) ?? 'none',
        row.rippleDb.toExponential(1),
        Math.abs(row.ppmError).toExponential(1),
      ),
    ),
  ].join('\n');
}

function run(context: CommandContext, options: PnbtrBenchOptions): void {
  const onPlayed = (played: BenchPlayed): void => {
    context.stderr.write(`${lineOf(played)}\n`);
    if (options.keep !== undefined) keep(options.keep, played);
  };
  const choice = {
    traces: listOf(options.traces),
    packets: listOf(options.packets).map((text) => count('packets', text)),
    methods: listOf(options.methods).map(methodOf),
    filesMax: count('files', options.files),
  };
  const blocks = options.timeBlocks === '0' ? 0 : count('time-blocks', options.timeBlocks);
  const report = orEnd(benchPnbtr(readData(options, onPlayed), choice), EXIT.usage);
  const time = blocks === 0 ? [] : timesOf(blocks);
  print(context, options.json, { ...report, time }, () => [tableOf(report), ...timeTable(time)].join('\n'));
}

/** Times on this host, mono and linked stereo. */
function timesOf(blocks: number): BlockTimes[] {
  return BENCH_TIME_PACKETS.flatMap((packet) =>
    ([1, 2] as const).map((channels) => benchTime(() => performance.now(), { packet, blocks, channels })),
  );
}

function timeTable(times: readonly BlockTimes[]): string[] {
  const line = (row: BlockTimes, block: string, { quietUs, medianUs, meanUs, p99Us, worstUs }: PacketTimes) =>
    [
      `${row.packet}${row.channels === 2 ? ' stereo' : ''} ${block} (${row.orders.join(', ')})`.padEnd(38),
      ...[quietUs, medianUs, meanUs, p99Us, worstUs].map((us) => us.toFixed(1).padStart(10)),
    ].join('');
  return [
    '',
    `${'packet block (orders), µs'.padEnd(38)}     quiet    median      mean       p99     worst`,
    ...times.flatMap((row) => [
      line(row, 'receive', row.receive),
      line(row, 'conceal', row.conceal),
      line(row, 'conceal, next known', row.concealMet),
      line(row, 'recover', row.recover),
    ]),
  ];
}

function listOf(text: string): string[] {
  return text.split(',').map((each) => each.trim());
}

function methodOf(text: string): BenchMethod {
  const method = METHODS_ALL.find((known) => known === text);
  if (method !== undefined) return method;
  throw new CommandError(
    'option-invalid',
    `--methods takes ${METHODS_ALL.join(', ')}; not "${text}".`,
    EXIT.usage,
  );
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new CommandError('option-invalid', `--${option} takes whole numbers from 1 to 10,000.`, EXIT.usage);
}

function readData(
  { data: folder, sources }: PnbtrBenchOptions,
  onPlayed: (played: BenchPlayed) => void,
): BenchData {
  const text = (path: string): string | null => textOf(resolve(folder, path));
  const reference = (path: string) => {
    try {
      const wav = decodeWav(readFileSync(resolve(folder, path)));
      const samples = wav.ok ? wav.value.channels[0] : undefined;
      return wav.ok && samples ? { sampleRateHz: wav.value.sampleRateHz, samples } : null;
    } catch {
      return null;
    }
  };
  let classes: Map<string, string> | null = null;
  if (sources !== undefined) classes = classesOf(readOrEnd(sources));
  return {
    manifest: text,
    reference,
    trace: (path) => {
      classes ??= classesOf(text('SOURCES.tsv') ?? tableAbove(resolve(folder, path)) ?? '');
      return text(path);
    },
    classOf: (path) => classes?.get(parse(path).name) ?? 'unknown',
    nowMs: () => performance.now(),
    onPlayed,
  };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function readOrEnd(path: string): string {
  const text = textOf(path);
  if (text === null) throw new CommandError('input-unreadable', `Cannot read ${path}.`, EXIT.usage);
  return text;
}

/** The nearest SOURCES.tsv in the folders above a file: the traces of a cut lie where the data came from. */
function tableAbove(path: string): string | null {
  const above = dirname(path);
  return above === path ? null : (textOf(join(above, 'SOURCES.tsv')) ?? tableAbove(above));
}

/** Class of each file by name, from the columns `file` and `class` of a table of sources; empty without one. */
function classesOf(table: string): Map<string, string> {
  const [head = '', ...lines] = table.split('\n');
  const columns = head.split('\t');
  const [file, kind] = [columns.indexOf('file'), columns.indexOf('class')];
  const classes = new Map<string, string>();
  for (const line of lines) {
    const cells = line.split('\t');
    const [path, name] = [cells[file], cells[kind]];
    if (path !== undefined && name !== undefined && name !== '') classes.set(parse(path).name, name);
  }
  return classes;
}

function keep(folder: string, played: BenchPlayed): void {
  const { trace, packet, method, reference, sampleRateHz, samples } = played;
  const file = join(folder, `${trace}_P${packet}`, method, `${parse(reference).name}.wav`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, encodeWav({ sampleRateHz, channels: [samples] }, { bitsPerSample: 24 }));
}

function lineOf({ trace, packet, method, reference, summary }: BenchPlayed): string {
  const { pooledDb, gapMedianDb, worseThanSilencePercent, gaps } = summary;
  const figures = `${pooledDb.toFixed(2)} dB, gap median ${gapMedianDb.toFixed(2)} dB, ${worseThanSilencePercent.toFixed(1)} % of ${gaps} gaps worse than silence`;
  return `${trace} ${packet} ${method} ${parse(reference).name}: ${figures}`;
}

function tableOf({ rows, byClass }: BenchReport): string {
  const figures = (row: BenchReport['byClass'][number] | BenchReport['rows'][number]): string =>
    [row.meanFileDb, row.pooledDb, row.gapMedianDb, row.worseThanSilencePercent]
      .map((value) => value.toFixed(2).padStart(8))
      .join('');
  const head = `${'trace packet method'.padEnd(50)}mean-file  pooled  median worse % block ms`;
  const name = (...words: (string | number)[]): string => words.join(' ').padEnd(50);
  return [
    head,
    ...rows.map(
      (row) =>
        `${name(row.trace, row.packet, row.method)} ${figures(row)}${row.worstBlockMs.toFixed(2).padStart(9)}`,
    ),
    ...byClass.map((row) => `${name(row.trace, row.packet, row.method, row.className)} ${figures(row)}`),
  ].join('\n');
}
