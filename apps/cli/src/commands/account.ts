import { ROLES } from '@jamnet/accounts';
import { ok, type Result } from '@jamnet/base';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { type AskOptions, askStudio } from '../economy/ask-studio.ts';
import { everyPage, pageQuery } from '../economy/every-page.ts';
import { studioAddress } from '../studio-address.ts';

/** Where a studio listens that was told nothing else, by the name that passkeys are kept under. */
const DEFAULT_ADDRESS = 'http://localhost:8440';

interface InviteOptions extends AskOptions {
  role: string;
}

interface Member {
  id: string;
  name: string;
  role: string;
  passkeys: number;
}

export function addAccountCommand(program: Command, context: CommandContext): void {
  const account = program.command('account').description('members of the studio and how they get in');
  account.addHelpText(
    'after',
    '\nExamples:\n  jamnet account invite --role curator\n  jamnet account invite --role operator   (when the only operator has lost every passkey)\n  jamnet account list --json',
  );
  account
    .command('invite')
    .description('make a link that lets one person in, once, within seven days')
    .option('--role <role>', ROLES.join(', '), 'member')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .action((options: InviteOptions) => invite(context, options));
  account
    .command('list')
    .description('who is a member, and as what')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .action((options: AskOptions) => list(context, options));
}

async function invite(context: CommandContext, options: InviteOptions): Promise<void> {
  const address = studioAddress(options.data);
  await askStudio<{ link: string; days: number }>(
    context,
    options,
    async (studio) => {
      const body = { role: options.role };
      const made = await answerOf<{ path: string; days: number }>(
        studio.route({ method: 'POST', path: '/api/members/invitations', body }),
      );
      if (!made.ok) return made;
      const { path, days } = made.value;
      return ok({ link: new URL(path, address ?? DEFAULT_ADDRESS).href, days });
    },
    ({ link, days }) => {
      const where = address === null ? '\nThe studio does not run: the link is for its default port.' : '';
      return `For one person, once, within ${days} days:\n${link}${where}`;
    },
  );
}

interface MembersPage {
  readonly members: readonly Member[];
  readonly next: string | null;
}

async function list(context: CommandContext, options: AskOptions): Promise<void> {
  await askStudio<{ members: Member[] }>(
    context,
    options,
    async (studio) => {
      const every = await everyPage<Member>(async (page) => {
        const path = `/api/members?${pageQuery(page)}`;
        const answer = await answerOf<MembersPage>(studio.route({ method: 'GET', path }));
        return answer.ok ? ok({ rows: answer.value.members, next: answer.value.next }) : answer;
      });
      return every.ok ? ok({ members: every.value }) : every;
    },
    ({ members }) =>
      members.length === 0
        ? 'Nobody yet: "jamnet account invite --role operator" makes the first link.'
        : members.map(memberLine).join('\n'),
  );
}

function memberLine({ id, name, role, passkeys }: Member): string {
  return `${role.padEnd(8)}  ${name}  (${passkeys === 1 ? '1 passkey' : `${passkeys} passkeys`}, ${id})`;
}

/** A route's answer as the value that its JSON is. */
async function answerOf<T>(asked: Promise<Result<string>>): Promise<Result<T>> {
  const answer = await asked;
  return answer.ok ? ok(JSON.parse(answer.value) as T) : answer;
}
