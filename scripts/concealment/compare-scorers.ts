/**
 * Scores the files that `jamnet conceal` writes by a scorer of another hand, beside `jamnet bench pnbtr` on the same
 * data, and fails where the two differ in a printed digit.
 *
 *   node scripts/concealment/compare-scorers.ts DATA SCORER [TRACE,TRACE…] [PACKET,PACKET…]
 *
 * DATA is the folder of manifests that `jamnet bench pnbtr` reads, SCORER a program that takes `--list MANIFEST --json`.
 * A trace `lossgen10` without a manifest gets one, by the rule of lossgen5: traces of the generator at 10 % in the order
 * of the files, the first 20 packets arrived. Writes to DATA/rep and DATA/lists; tables go to standard output.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import type { CommandContext } from '../../apps/cli/src/context.ts';
import { createProgram } from '../../apps/cli/src/program.ts';
import type { BenchReport } from '../../packages/pnbtr/src/index.ts';

interface Item {
  readonly reference: string;
  readonly trace: string;
}

interface Figures {
  readonly pooled_lost_db: number;
  readonly mean_file_db: number;
  readonly gap_median_db: number;
  readonly gaps_worse: number;
  readonly lmsd_db: number;
}

const METHODS = ['burg1024', 'pnbtr', 'pnbtr-two-sided'] as const;
const FIRST_ARRIVED = 20;
const LOSSGEN_SEEDS = 20;

const [data = '', scorer = '', traces = 'iso5,lossgen5,lossgen10', packets = '128,256,512'] =
  process.argv.slice(2);
if (data === '' || scorer === '') {
  process.stderr.write('usage: compare-scorers.ts DATA SCORER [TRACE,TRACE…] [PACKET,PACKET…]\n');
  process.exit(2);
}

/** Runs a command of `jamnet` in this process; answers its standard output. */
async function jamnet(...words: string[]): Promise<string> {
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (piece) => {
    text += piece;
  });
  // Commands write to their streams and nothing else.
  const streams = { stdout, stderr: process.stderr } as unknown as Pick<CommandContext, 'stdout' | 'stderr'>;
  const context = { checkout: '.', dataDirectory: data, databaseUrl: undefined, ...streams };
  await createProgram(context).parseAsync(['node', 'jamnet', ...words]);
  return text;
}

function itemsOf(manifest: string): Item[] {
  const lines = readFileSync(manifest, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [reference = '', trace = ''] = line.split('\t');
    return { reference: resolve(data, reference), trace: resolve(data, trace) };
  });
}

/** The manifest of a trace, made where it is the one of 10 % and missing. */
function manifestOf(trace: string, packet: string): string {
  const manifest = join(data, `${trace}_P${packet}.tsv`);
  if (existsSync(manifest) || trace !== 'lossgen10') return manifest;
  const lines = itemsOf(join(data, `lossgen5_P${packet}.tsv`)).map((item, index) => {
    const seed = String((index % LOSSGEN_SEEDS) + 1).padStart(2, '0');
    const source = join(dirname(item.trace), '..', '..', 'lossgen', `lossgen_p10_s${seed}.txt`);
    const digits = readFileSync(source, 'utf8').replace(/\s+/g, '');
    const made = join(data, 'traces', `lossgen10_P${packet}`, `${parse(item.reference).name}.txt`);
    mkdirSync(dirname(made), { recursive: true });
    writeFileSync(made, `${'0'.repeat(FIRST_ARRIVED)}${digits.slice(FIRST_ARRIVED)}\n`);
    return [item.reference, made, 'unused', packet].join('\t');
  });
  writeFileSync(manifest, `${lines.join('\n')}\n`);
  return manifest;
}

function reference(name: string, lines: readonly string[]): Figures {
  const list = join(data, 'lists', `${name.replaceAll(' ', '-')}.tsv`);
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(list, `${lines.join('\n')}\n`);
  const run = spawnSync(process.execPath, [scorer, '--list', list, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(`${scorer}: ${run.stderr}`);
  // The scorer's own form, which this script was written for.
  return (JSON.parse(run.stdout) as { over_list: Figures }).over_list;
}

const printed = (pooled: number, meanFile: number, median: number, worsePercent: number): string =>
  [pooled.toFixed(2), meanFile.toFixed(2), median.toFixed(2), `${worsePercent.toFixed(1)} %`].join(' / ');

const sources = tableOfSources();
let differences = 0;
process.stdout.write(
  '| losses, packet, method, class | pooled / mean-file / gap median / worse | LMSD | worst block |\n',
);
process.stdout.write('|---|---|---|---|\n');
for (const trace of traces.split(',')) {
  for (const packet of packets.split(',')) await compare(trace, packet);
}
process.stdout.write(`\n${differences} differences between the two scorers\n`);
process.exitCode = differences === 0 ? 0 : 1;

async function compare(trace: string, packet: string): Promise<void> {
  const items = itemsOf(manifestOf(trace, packet));
  const kept = join(data, 'rep', 'bench');
  const words = ['--data', data, '--traces', trace, '--packets', packet, '--methods', METHODS.join(',')];
  if (sources !== null) words.push('--sources', sources);
  // Our own command's form.
  const report = JSON.parse(
    await jamnet('bench', 'pnbtr', ...words, '--keep', kept, '--json'),
  ) as BenchReport;
  for (const method of METHODS) {
    const lines: string[] = [];
    for (const item of items) {
      const name = `${parse(item.reference).name}.wav`;
      const benched = join(kept, `${trace}_P${packet}`, method, name);
      const played = method === 'burg1024' ? benched : await concealed(item, trace, packet, method);
      if (method !== 'burg1024' && !readFileSync(played).equals(readFileSync(benched))) {
        differences++;
        process.stderr.write(`${played} is not what the bench played\n`);
      }
      lines.push([item.reference, item.trace, resolve(played), packet].join('\t'));
    }
    tell(report, { trace, packet, method }, lines);
  }
}

async function concealed(item: Item, trace: string, packet: string, method: string): Promise<string> {
  const out = join(data, 'rep', method, `${trace}_P${packet}`, `${parse(item.reference).name}.wav`);
  mkdirSync(dirname(out), { recursive: true });
  const sides = method === 'pnbtr-two-sided' ? ['--two-sided'] : [];
  await jamnet(
    ...['conceal', '--in', item.reference, '--trace', item.trace, '--packet', packet, '--out', out, '--json'],
    ...sides,
  );
  return out;
}

/** The table of sources above the traces of the first manifest that there is. */
function tableOfSources(): string | null {
  const manifest = readdirSync(data).find((name) => name.endsWith('.tsv') && !name.startsWith('lossgen10'));
  const trace = manifest === undefined ? undefined : itemsOf(join(data, manifest))[0]?.trace;
  for (let at = trace ?? '/'; dirname(at) !== at; at = dirname(at)) {
    const table = join(dirname(at), 'SOURCES.tsv');
    if (existsSync(table)) return table;
  }
  return null;
}

/** All files by both scorers, classes by ours alone: the same code over fewer files. */
function tell(
  report: BenchReport,
  of: { trace: string; packet: string; method: string },
  lines: readonly string[],
): void {
  const name = `${of.trace} ${of.packet}`;
  const row = report.rows.find((candidate) => candidate.method === of.method);
  if (row === undefined) throw new Error(`the bench has no row of ${of.method}`);
  show(`${name} ${of.method}`, row, reference(`${name} ${of.method}`, lines), row.worstBlockMs);
  for (const each of report.byClass)
    if (each.method === of.method)
      process.stdout.write(`| ${name} ${of.method} ${each.className} | ${figuresOf(each)} | | |\n`);
}

type Row = BenchReport['byClass'][number] | BenchReport['rows'][number];

function figuresOf(row: Row): string {
  return printed(row.pooledDb, row.meanFileDb, row.gapMedianDb, row.worseThanSilencePercent);
}

function show(name: string, row: Row, figures: Figures, worstBlockMs: number): void {
  const ours = figuresOf(row);
  const { pooled_lost_db, mean_file_db, gap_median_db, gaps_worse } = figures;
  const theirs = printed(pooled_lost_db, mean_file_db, gap_median_db, 100 * gaps_worse);
  if (ours !== theirs) differences++;
  const told = ours === theirs ? ours : `${theirs} (bench: ${ours})`;
  process.stdout.write(
    `| ${name} | ${told} | ${figures.lmsd_db.toFixed(2)} | ${worstBlockMs.toFixed(2)} ms |\n`,
  );
}
