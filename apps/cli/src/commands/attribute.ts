import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributionReport,
  attribute,
  attributeWithProfiles,
  attributeWithUsage,
  type DependencyShare,
  parseWorkload,
} from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addIdentityCommand } from './identity.ts';

interface AttributeCommandOptions {
  repo: string;
  workload?: string;
  usage?: string;
  modules?: string;
  allowUnsandboxed?: boolean;
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
      'recorded use instead of a replay, or production profiles (jamnet/usage/v1, jamnet/profile/v1)',
    )
    .option('--modules <dir>', 'node_modules for the replay (default: the one in --repo)')
    .option(
      '--allow-unsandboxed',
      'replay without a sandbox where neither bwrap nor unshare works; marked in the evidence',
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet attribute\n  jamnet attribute --repo ../marked --usage usage.json --json',
    )
    .action((options: AttributeCommandOptions) => run(context, options));
}

async function run(context: CommandContext, options: AttributeCommandOptions): Promise<void> {
  const onNote = (line: string): void => void context.stderr.write(`${line}\n`);
  const found = options.usage
    ? await byRecords(options.repo, recordsIn(options.usage), onNote)
    : await attribute({
        repoDirectory: options.repo,
        workload: workloadOf(context, options),
        onNote,
        ...replayOptions(options),
      });
  const report = orEnd(found, EXIT.usage);
  print(context, options.json, report, () => reportText(report));
}

/** One JSON file, or every one in a folder. */
function recordsIn(path: string): unknown[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [readJson(path)];
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => readJson(join(path, name)));
}

/** Documents of one kind: counts of places, or samples of paying principals. */
function byRecords(repoDirectory: string, records: readonly unknown[], onNote: (line: string) => void) {
  const isProfile = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'jamnet/profile/v1';
  return records.length > 0 && records.every(isProfile)
    ? attributeWithProfiles({ repoDirectory, profiles: records, onNote })
    : attributeWithUsage({ repoDirectory, usage: records, onNote });
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

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new CommandError(
      'file-unreadable',
      `${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`,
      EXIT.usage,
    );
  }
}

function dependencyText(one: DependencyShare): string {
  const kind = one.isDirect ? 'direct' : 'transitive';
  const paid = one.funding[0] ?? 'no address: held in escrow';
  return `  ${(one.share / 1e7).toFixed(3).padStart(8)} %  ${kind.padEnd(10)}  ${one.repository}  ${paid}`;
}

function reportText(report: AttributionReport): string {
  const people = report.people.map(
    (person) =>
      `  ${(person.share / 1e7).toFixed(3).padStart(8)} %  ${String(person.statements).padStart(6)} statements  ${person.name}`,
  );
  const dependencies =
    report.dependencies === 'not run'
      ? [`Dependencies: not known. ${report.evidence.dependencyProblem?.message ?? ''}`.trim()]
      : ['Dependencies, of the budget kept for them:', ...report.dependencies.map(dependencyText)];
  const gate = report.gated === 'not run' ? 'not run' : `${report.gated.length} commits`;
  const problem = report.evidence.problem ? `\nNo shares: ${report.evidence.problem.message}` : '';
  return (
    [
      `${report.repository} at ${report.head.slice(0, 12)}: ${report.statements} statements, ${report.commits} commits, gate ${gate}`,
      ...people,
      ...dependencies,
    ].join('\n') + problem
  );
}
