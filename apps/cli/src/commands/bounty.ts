import { ok } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { columns, plainText } from '../economy/columns.ts';
import { everyPage, pageQuery } from '../economy/every-page.ts';

interface Bounty {
  readonly id: string;
  readonly repository: string;
  readonly commit: string;
  readonly state: string;
  readonly statements: number;
  readonly tokens: number;
  readonly payees: readonly string[];
  readonly reason: string | null;
  readonly epochId: string | null;
}

interface BountyPage {
  readonly bounties: readonly Bounty[];
  readonly next: string | null;
}

interface Shown extends Bounty {
  readonly change: {
    readonly subject: string;
    readonly added: number;
    readonly removed: number;
    readonly files: number;
    readonly diff: string;
    readonly isCut: boolean;
  };
}

interface DecideOptions extends AskOptions {
  readonly curator: string;
  readonly reason: string;
}

/** Commits that change no output earn nothing by themselves: a curator grants real maintenance the policy's fixed bounty. */
export function addBountyCommand(program: Command, context: CommandContext): void {
  const bounty = program
    .command('bounty')
    .description('commits that change no output: look at them, grant or refuse the maintenance bounty');
  bounty.addHelpText(
    'after',
    '\nA curator never judges work of their own owner group. Decisions stand and are in the log; a granted bounty is paid with\nthe next "jamnet code file". Curators who sign in decide at /code/ and /curate/ themselves.\n\nExamples:\n  jamnet bounty list\n  jamnet bounty show 0123456789abcdef\n  jamnet bounty grant 0123456789abcdef --curator MEMBER --reason "mends a crash on empty takes"\n  jamnet bounty refuse 0123456789abcdef --curator MEMBER --reason "renames only"',
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');
  withOptions(
    bounty
      .command('list')
      .description('what waits, with its size')
      .option('--all', 'also what is granted, refused or paid'),
  ).action(async (options: AskOptions & { all?: boolean }) => {
    const which = options.all ? '' : '&state=waiting';
    const every = everyPage(async (page) => {
      const path = `/api/bounties?${pageQuery(page)}${which}`;
      const { bounties, next } = await askJson<BountyPage>(context, options.data, { method: 'GET', path });
      return ok({ rows: bounties, next });
    });
    const shown = orEnd(await every);
    print(context, options.json, { bounties: shown }, () => listText(shown));
  });
  withOptions(
    bounty.command('show').argument('<id>').description('one commit with its size and difference'),
  ).action(async (id: string, options: AskOptions) => {
    const path = `/api/bounties/${encodeURIComponent(id)}`;
    const found = await askJson<Shown>(context, options.data, { method: 'GET', path });
    print(context, options.json, found, () => shownText(found));
  });
  const verdicts = { grant: 'granted', refuse: 'refused' } as const;
  for (const verb of ['grant', 'refuse'] as const) {
    withOptions(
      bounty
        .command(verb)
        .argument('<id>')
        .description(`${verb} the bounty; a decision stands`)
        .requiredOption(
          '--curator <member>',
          'id of the member with the role curator, see jamnet account list',
        )
        .requiredOption('--reason <text>', 'why, for the authors to read'),
    ).action(async (id: string, { curator, reason, ...options }: DecideOptions) => {
      const decided = await askJson<Bounty>(context, options.data, {
        method: 'POST',
        path: `/api/bounties/${encodeURIComponent(id)}/decisions`,
        body: { verdict: verdicts[verb], reason, curator },
      });
      print(context, options.json, decided, () => listText([decided]));
    });
  }
}

function listText(bounties: readonly Bounty[]): string {
  if (bounties.length === 0) return 'No commit waits for a curator.';
  const rows = bounties.map(({ id, state, statements, tokens, commit, repository, payees }) => [
    id,
    state,
    `${statements} statements`,
    `${tokens} tokens`,
    commit.slice(0, 12),
    plainText(repository),
    payees.join(' '),
  ]);
  return columns(rows, [2, 3]);
}

function shownText(found: Shown): string {
  const { subject, added, removed, files, diff, isCut } = found.change;
  // Line ends stay; every other control character of a hostile commit goes.
  const lines = diff.split('\n').map(plainText);
  const cut = isCut ? '\n… the rest is too long to show: look at the commit in the repository.' : '';
  return `${listText([found])}\n${plainText(subject)}\n${files} files, +${added} −${removed}\n\n${lines.join('\n')}${cut}`;
}
