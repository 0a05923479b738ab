import { type AttributeBench, benchAttribute, type MeasuredRun, PROMISED_SIZE } from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const COMMITS_MIN = 60;
const COMMITS_MAX = 20_000;

/** What it costs to attribute a repository cold, and after one more commit. */
export function addBenchAttributeCommand(bench: Command, context: CommandContext): void {
  bench
    .command('attribute')
    .description('attributing a made-up repository: cold, again, after one new commit; no replays')
    .option('--commits <n>', 'commits of the history', String(PROMISED_SIZE.commits))
    .option('--seed <text>', 'of the history; the same seed gives the same commits', 'one')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet bench attribute --commits 2000 --json')
    .action(async (options: { commits: string; seed: string; json?: boolean }) => {
      const commits = Number(options.commits);
      if (!Number.isInteger(commits) || commits < COMMITS_MIN || commits > COMMITS_MAX)
        throw new CommandError(
          'option-invalid',
          `--commits is a whole number from ${COMMITS_MIN} to ${COMMITS_MAX}.`,
          EXIT.usage,
        );
      const found = await benchAttribute({
        size: { ...PROMISED_SIZE, commits },
        seed: options.seed,
        onPhase: (phase, seconds) => void context.stderr.write(`${phase}: ${seconds.toFixed(1)} s\n`),
      });
      print(context, options.json, found, () => text(found));
    });
}

function text(found: AttributeBench): string {
  return [
    line('cold', found.cold),
    line('again', found.known),
    line('one new commit', found.oneNewCommit),
    `the same bytes again: ${found.isSameAsCold ? 'yes' : 'NO'}`,
  ].join('\n');
}

function line(name: string, run: MeasuredRun): string {
  const mebibytes = Math.round(run.memoryPeakBytes / 1_048_576);
  const times = `${(run.cpuMs / 1000).toFixed(1)} s of processor, ${(run.wallMs / 1000).toFixed(1)} s by the clock`;
  return `${name}: ${run.commits} commits, ${run.statements} statements: ${times}, ${mebibytes} MiB`;
}
