import { formatAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { columns, plainText } from '../economy/columns.ts';

interface Filed {
  readonly repository: string;
  readonly head: string;
  readonly usedMerit: string;
  readonly contributions: number;
  readonly bountiesPaid: number;
  readonly queued: number;
  readonly leftOut: number;
}

interface Settled {
  readonly handedOver: readonly { from: string; to: string; microJam: string; cents: string }[];
  readonly expired: readonly { payee: string; microJam: string; cents: string }[];
}

/** What mirrored repositories earn, brought into the epoch, and what waits for identities that nobody has claimed. */
export function addCodeCommand(program: Command, context: CommandContext): void {
  const code = program
    .command('code')
    .description('bring what code earns into an epoch; settle what waited for unclaimed identities');
  code.addHelpText(
    'after',
    '\nRepositories are listed in code/repositories.json of the data directory; the policy pins their workloads by hash.\n\nExamples:\n  jamnet code file 2031-04\n  jamnet code settle --json',
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');
  withOptions(
    code
      .command('file')
      .argument('<epoch>')
      .option('--again', 'also what was filed already: what is new in it since')
      .description('read each repository and file what it earns, before the epoch closes; safe to repeat'),
  ).action((epoch: string, options: AskOptions & { again?: boolean }) => file(context, epoch, options));
  withOptions(
    code
      .command('settle')
      .description('hand what waited to registered payees who have claimed it; return what has expired'),
  ).action(async (options: AskOptions) => {
    const settled = await askJson<Settled>(context, options.data, {
      method: 'POST',
      path: '/api/code/escrow',
      body: {},
    });
    print(context, options.json, settled, () => settledText(settled));
  });
}

/** One repository a question: each is told when it is done, and none waits on another's answer. */
async function file(
  context: CommandContext,
  epoch: string,
  options: AskOptions & { again?: boolean },
): Promise<void> {
  const path = `/api/code/epochs/${encodeURIComponent(epoch)}`;
  const ask = <T>(method: 'GET' | 'POST', body?: object) =>
    askJson<T>(context, options.data, { method, path, ...(body === undefined ? {} : { body }) });
  const filed: Filed[] = [];
  if (options.again) filed.push(...(await ask<Filed[]>('POST', {})));
  else {
    for (const repository of await ask<readonly string[]>('GET')) {
      if (!options.json) context.stderr.write(`reading ${plainText(repository)}\n`);
      filed.push(...(await ask<Filed[]>('POST', { repository })));
    }
  }
  print(context, options.json, { epoch, filed }, () => filedText(epoch, filed));
}

function filedText(epoch: string, filed: readonly Filed[]): string {
  if (filed.length === 0) return `Nothing is left to file in ${epoch}.`;
  const rows = filed.map(({ repository, head, usedMerit, contributions, bountiesPaid, queued, leftOut }) => [
    plainText(repository),
    head.slice(0, 12),
    `${contributions} contributions`,
    `${(Number(usedMerit) / 1e7).toFixed(2)} % of its merit`,
    `${bountiesPaid} bounties`,
    `${queued} commits for curators`,
    leftOut === 0 ? '' : `${leftOut} commits left out: the queue is full, see "jamnet bounty list"`,
  ]);
  return columns(rows, [2, 3, 4, 5]);
}

function settledText({ handedOver, expired }: Settled): string {
  const amount = ({ microJam, cents }: { microJam: string; cents: string }): string =>
    `${formatAmount(BigInt(microJam), 'JAM')} JAM and $${formatAmount(BigInt(cents), 'USD')}`;
  const lines = [
    ...handedOver.map((one) => `${amount(one)} from ${one.from} to ${one.to}`),
    ...expired.map((one) => `${amount(one)} of ${one.payee} expired and returned`),
  ];
  return lines.length === 0 ? 'Nothing was waiting.' : lines.join('\n');
}
