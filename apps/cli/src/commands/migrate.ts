import { planUpgrade, type UpgradePlan, upgradeStudio } from '@jamnet/studio/operations';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface MigrateOptions {
  data: string;
  plan?: boolean;
  json?: boolean;
}

const DOWNTIME: Readonly<Record<UpgradePlan['downtime'], string>> = {
  none: 'No downtime: replace the processes of the old release one after another.',
  restart: 'The studio is away while it restarts: stop it, back it up, start this release.',
  stop: 'Stop every process of the old release first, then run "jamnet migrate" and start this one.',
};

export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description("bring a studio's tables up to date with this release; --plan only tells what would change")
    .option('--plan', 'write nothing: steps, rows they touch at most, and whether the studio must stop')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nA studio does the same at its start. Each step is done once and written into the table jamnet_schema_journal; there is no way back but a backup. DATABASE_URL names a PostgreSQL.\n\nExamples:\n  jamnet migrate --plan\n  jamnet migrate --plan --json --data /var/lib/jamnet\n  jamnet migrate',
    )
    .action((options: MigrateOptions) => run(context, options));
}

async function run(context: CommandContext, options: MigrateOptions): Promise<void> {
  const place = { dataDirectory: options.data, databaseUrl: context.databaseUrl };
  try {
    if (options.plan) {
      const plan = await planUpgrade(place);
      print(context, options.json, plan, () => planText(plan));
      return;
    }
    const report = await upgradeStudio(place, ({ store, step }) => {
      if (!options.json) context.stderr.write(`  ${store} ${step}\n`);
    });
    print(context, options.json, report, () =>
      report.done.length === 0
        ? `The tables are those of JAMNet ${report.release}: there was nothing to do.`
        : `${report.done.length} steps were done: the tables are those of JAMNet ${report.release}.`,
    );
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Nothing was written: these are refusals, not failures. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const isRefusal = ['schema-too-new', 'data-directory-in-use', 'data-directory-missing'].includes(
    String(error.code),
  );
  return isRefusal ? new CommandError(String(error.code), error.message, EXIT.refused) : error;
}

function planText({ release, steps, rows, downtime }: UpgradePlan): string {
  if (steps.length === 0) return `The tables are those of JAMNet ${release}: there is nothing to do.`;
  const lines = steps.flatMap(({ store, step, changes, isOnline }) => [
    `${store} ${step}${isOnline ? '' : '  (not beside the old release)'}`,
    ...changes.map(
      (change) =>
        `    ${change.kind} ${change.table}${change.statements > 1 ? ` × ${change.statements}` : ''}${change.rows > 0 ? `, up to ${change.rows} rows` : ''}`,
    ),
  ]);
  return [...lines, `${steps.length} steps, up to ${rows} rows.`, DOWNTIME[downtime]].join('\n');
}
