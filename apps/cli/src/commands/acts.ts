import { fromBase64 } from '@jamnet/base';
import { decodeLeaf } from '@jamnet/ledger';
import { type Act, type ActView, actSha256 } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { columns, plainText } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio, type StudioAccess } from '../studio-access.ts';

interface Checked extends ActView {
  /** Whether the log has the act as it is told here; null where it has none: nothing was done, or it is on the way there. */
  readonly isInLog: boolean | null;
}

/** The trail of operators and curators, held against the public log. */
export function addActsCommand(program: Command, context: CommandContext): void {
  program
    .command('acts')
    .description('what operators and curators did, newest first, each held against the public log')
    .option('--before <number>', 'the page of acts below this number')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nThe log holds SHA-256 of the act and its salt, so that nobody can tell from it who did what; "jamnet audit" proves the log itself.\nSome commands on a stopped studio work on its books directly: what those change stands in the ledger, not here.\nEnds with 1 when an act is not what the log says.\n\nExamples:\n  jamnet acts\n  jamnet acts --before 201 --json',
    )
    .action(async ({ before, data, json }: AskOptions & { before?: string }) => {
      if (before !== undefined && !/^[1-9]\d{0,17}$/.test(before))
        throw new CommandError('before-malformed', `--before ${before} is no number of an act.`, EXIT.usage);
      // Opened once for all questions: on a stopped studio each would open its stores again.
      const studio = await accessStudio(context, data);
      const checked = await checkedActs(studio, before).finally(() => studio.close());
      print(context, json, { acts: checked }, () => actsText(checked));
      if (checked.some((act) => act.isInLog === false)) process.exitCode = EXIT.failed;
    });
}

async function checkedActs(studio: StudioAccess, before: string | undefined): Promise<Checked[]> {
  const path =
    before === undefined ? '/api/acts?limit=200' : `/api/acts?limit=200&after=${encodeURIComponent(before)}`;
  const { acts } = await look<{ acts: readonly ActView[] }>(studio, path);
  const checked: Checked[] = [];
  for (const act of acts) checked.push({ ...act, isInLog: await isInLog(studio, act) });
  return checked;
}

/** `T` is the shape that the route documents. */
async function look<T>(studio: StudioAccess, path: string): Promise<T> {
  return JSON.parse(orEnd(await studio.route({ method: 'GET', path }))) as T;
}

async function isInLog(studio: StudioAccess, view: ActView): Promise<boolean | null> {
  if (view.leaf === null) return null;
  const { entries } = await look<{ entries: readonly { readonly leafBase64: string }[] }>(
    studio,
    `/api/ledger/entries?from=${view.leaf}&limit=1`,
  );
  const bytes = fromBase64(entries[0]?.leafBase64 ?? '');
  const leaf = bytes === null ? null : decodeLeaf(bytes);
  if (leaf === null || !leaf.ok || leaf.value.type !== 'record') return false;
  const { atUs, actor, role, method, route, parameters, bodySha256 } = view;
  const act: Act = { atUs, actor, role, method, route, parameters, bodySha256 };
  return leaf.value.sha256 === actSha256(act, view.salt);
}

function actsText(acts: readonly Checked[]): string {
  if (acts.length === 0) return 'No act yet: what operators and curators change by the studio stands here.';
  const rows = acts.map(
    ({ number, atUs, role, actor, method, route, parameters, status, isInLog: known }) => [
      number,
      new Date(Number(BigInt(atUs) / 1000n)).toISOString(),
      `${role} ${actor}`,
      plainText(
        `${method} ${Object.entries(parameters).reduce((path, [name, value]) => path.replace(`:${name}`, value), route)}`,
      ),
      status === null ? 'no answer' : String(status),
      known === null
        ? isRefused(status)
          ? 'refused'
          : 'not logged yet'
        : known
          ? 'as logged'
          : 'NOT WHAT THE LOG SAYS',
    ],
  );
  return columns(rows, [0]);
}

/** Nothing was done. */
function isRefused(status: number | null): boolean {
  return status !== null && status >= 400 && status < 500;
}
