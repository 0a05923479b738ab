import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributeOptions,
  type AttributionReport,
  attribute,
  attributeWithProfiles,
  attributeWithUsage,
  type DependencyShare,
  type Explanation,
  explain,
  type HistoryOptions,
  parseWorkload,
} from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { plainText } from '../economy/columns.ts';
import { readJson, readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addIdentityCommand } from './identity.ts';

interface AttributeCommandOptions {
  repo: string;
  workload?: string;
  usage?: string;
  modules?: string;
  allowUnsandboxed?: boolean;
  explain?: string;
  gateSince?: string;
  bot: readonly string[];
  cache: string;
  json?: boolean;
}

export function addAttributeCommand(program: Command, context: CommandContext): void {
  addIdentityCommand(program, context);
  program
    .command('attribute')
    .description('who owns what runs in a git repository: shares out of 10^9')
    .option('--repo <dir>', 'a working tree, a bare repository or a git bundle', context.checkout)
    .option(
      '--workload <file>',
      'JSON of the workload to replay (default: this repository’s own, for this repository)',
    )
    .option(
      '--usage <file|dir>',
      'recorded use instead of a replay: LCOV tracefiles (.info, .lcov), jamnet/usage/v1, or production profiles (jamnet/profile/v1)',
    )
    .option(
      '--bot <name>',
      'name or address of a bot, which earns nothing; repeat it for more (marks ending in [bot] need none)',
      (one: string, all: readonly string[]) => [...all, one],
      [],
    )
    .option('--modules <dir>', 'node_modules for the replay (default: the one in --repo)')
    .option(
      '--allow-unsandboxed',
      'replay without a sandbox where neither bwrap nor unshare works; marked in the evidence',
    )
    .option('--explain <path:line>', 'why a line earns what it earns, by a replay')
    .option(
      '--gate-since <commit>',
      'id of the last commit before this epoch (7 digits or more): hunks since then that change no output earn nothing',
    )
    .option(
      '--cache <dir>',
      'parsed files and verdicts of the gate, kept between runs',
      join(context.dataDirectory, 'cache', 'attribution'),
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet attribute\n  jamnet attribute --repo ../marked --usage usage.json --json\n  jamnet attribute --repo ../snake --usage coverage.info\n  jamnet attribute --repo ../mill --workload mill.json --explain src/mill.ts:12\n  jamnet attribute --repo ../mill --workload mill.json --bot ci@example.org',
    )
    .action((options: AttributeCommandOptions) => run(context, options));
}

async function run(context: CommandContext, options: AttributeCommandOptions): Promise<void> {
  const onNote = (said: string): void => void context.stderr.write(`${plainLines(said.split('\n'))}\n`);
  const history = {
    repoDirectory: options.repo,
    cacheDirectory: options.cache,
    botList: options.bot,
    onNote,
  };
  if (options.usage !== undefined) {
    if (options.explain !== undefined || options.gateSince !== undefined)
      throw new CommandError(
        'options-exclusive',
        '--explain and --gate-since need a replay: leave --usage out.',
        EXIT.usage,
      );
    const found = await byRecords(history, recordsIn(options.usage));
    return printReport(context, options, orEnd(found, EXIT.usage));
  }
  const replayed: AttributeOptions = {
    ...history,
    workload: workloadOf(context, options),
    ...(options.gateSince === undefined ? {} : { gateSince: options.gateSince }),
    ...replayOptions(options),
  };
  if (options.explain === undefined)
    return printReport(context, options, orEnd(await attribute(replayed), EXIT.usage));
  const statements = orEnd(await explain(replayed, options.explain), EXIT.usage);
  print(context, options.json, { statements }, () => plainLines(statements.flatMap(explanationLines)));
}

function printReport(
  context: CommandContext,
  { json }: AttributeCommandOptions,
  report: AttributionReport,
): void {
  print(context, json, report, () => reportText(report));
}

/** One file of recorded use, or every one in a folder: JSON as what it says, LCOV as text. */
function recordsIn(path: string): unknown[] {
  const read = (file: string): unknown => (isTracefile(file) ? readText(file) : readJson(file));
  if (!existsSync(path) || !statSync(path).isDirectory()) return [read(path)];
  const names = readdirSync(path).filter((name) => name.endsWith('.json') || isTracefile(name));
  if (names.length === 0)
    throw new CommandError(
      'usage-missing',
      `${path} holds no .json, .info or .lcov file of recorded use.`,
      EXIT.usage,
    );
  return names.sort().map((name) => read(join(path, name)));
}

function isTracefile(name: string): boolean {
  return name.endsWith('.info') || name.endsWith('.lcov');
}

/** Documents of one kind: counts of places, or samples of paying principals. */
function byRecords(history: HistoryOptions, records: readonly unknown[]) {
  const isProfile = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'jamnet/profile/v1';
  return records.every(isProfile)
    ? attributeWithProfiles({ ...history, profiles: records })
    : attributeWithUsage({ ...history, usage: records });
}

function replayOptions(options: AttributeCommandOptions) {
  const modules = options.modules ?? join(options.repo, 'node_modules');
  const sandbox = { allowUnsandboxed: options.allowUnsandboxed === true };
  return existsSync(modules) ? { nodeModulesDirectory: modules, sandbox } : { sandbox };
}

function workloadOf(context: CommandContext, options: AttributeCommandOptions) {
  const own =
    options.repo === context.checkout
      ? join(context.checkout, 'packages/attribution/workloads/jamnet.json')
      : undefined;
  const file = options.workload ?? own;
  return file ? orEnd(parseWorkload(readJson(file)), EXIT.usage) : null;
}

function dependencyText(one: DependencyShare): string {
  const kind = one.isDirect ? 'direct' : 'transitive';
  const paid = one.funding[0] ?? 'no address: held in escrow';
  return `  ${(one.share / 1e7).toFixed(3).padStart(8)} %  ${kind.padEnd(10)}  ${one.repository}  ${paid}`;
}

function explanationLines(one: Explanation): string[] {
  const people = one.people.map((person) => person.name).join(', ') || 'nobody';
  const also = one.alsoAt.length === 0 ? [] : [`  paid once with the same at ${one.alsoAt.join(', ')}`];
  const gated = one.isGated ? '; changed no output, so it earns nothing' : '';
  return [
    `${one.path}:${one.startLine}-${one.endLine}  ${(one.share / 1e7).toFixed(5)} %  ${people}`,
    `  first came with ${one.commit.slice(0, 12)}; ${one.tokens} tokens, ran ${one.uses} times${gated}`,
    ...also,
  ];
}

function reportText(report: AttributionReport): string {
  const people = report.people.map(
    (person) =>
      `  ${(person.share / 1e7).toFixed(3).padStart(8)} %  ${String(person.statements).padStart(6)} statements  ${person.name}`,
  );
  const dependencies =
    report.dependencyUse === 'not-run'
      ? [`Dependencies: not known. ${report.evidence.dependencyProblem?.message ?? ''}`.trim()]
      : ['Dependencies, of the budget kept for them:', ...report.dependencies.map(dependencyText)];
  const byLine = report.evidence.byLine.map((path) => `  ${path}`);
  const skipped = report.skipped.map((file) => `  ${file.path}: ${file.reason}`);
  const gate = report.gate === 'not-run' ? 'not run' : `${report.gated.length} commits`;
  const { problem } = report.evidence;
  return plainLines([
    `${report.repository} at ${report.head.slice(0, 12)}: ${report.statements} statements, ${report.commits} commits, gate ${gate}`,
    ...people,
    ...dependencies,
    ...(byLine.length === 0
      ? []
      : ['By line, as git blame names authors (weaker than by statement):', ...byLine]),
    ...(skipped.length === 0 ? [] : ['Not read:', ...skipped]),
    ...(problem === null ? [] : [`No shares: ${problem.message}`]),
  ]);
}

/** Names, paths and what a workload said are others' words. */
function plainLines(lines: readonly string[]): string {
  return lines.map(plainText).join('\n');
}
