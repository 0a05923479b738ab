import { ok, type Result } from '@jamnet/base';
import { checkPain001 } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { askCash } from '../economy/ask-cash.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import type { OperatorCash } from '../economy/cash-over-http.ts';
import { everyPage } from '../economy/every-page.ts';
import { readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import {
  type AppliedView,
  appliedText,
  type PlanView,
  planText,
  type SentView,
  type StatusView,
  sentText,
  statusText,
  totalsText,
} from './payout-text.ts';

export function addPayoutCommand(program: Command, context: CommandContext): void {
  const payout = program.command('payout').description('cash out: plan, hand over, read what banks answer');
  payout.addHelpText(
    'after',
    '\nRails and the studio’s own accounts stand in payouts.json of the data directory.\n\nExamples:\n  jamnet payout prepare\n  jamnet payout send\n  jamnet payout read answer.xml\n  jamnet payout status --state unknown',
  );
  const add = (name: string, description: string): Command =>
    payout
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  add('prepare', 'totals per rail, who is held and why; writes nothing').action(
    async (options: AskOptions) => {
      await askCash<PlanView>(context, options, ({ payouts }) => payouts.prepare(), planText);
    },
  );
  add('send', 'debit what may go and hand it over; says where the files for the bank are').action(
    async (options: AskOptions) => {
      await askCash<SentView>(context, options, ({ payouts }) => payouts.send(), sentText);
    },
  );
  add('read', 'take a bank’s answer in: pain.002, camt.054 or a NACHA return file; again is harmless')
    .argument('<file>', '- is the standard input')
    .action(async (file: string, options: AskOptions) => {
      const text = readText(file);
      const answer = await askCash<AppliedView>(
        context,
        options,
        ({ payouts }) => payouts.read(text),
        appliedText,
      );
      if (answer.odd.length > 0)
        throw new CommandError(
          'answer-odd',
          `${answer.odd.length} parts fit no payout: look at them by hand.`,
          EXIT.refused,
        );
    });
  add('status', 'where every payout is')
    .option('--payee <payee>', 'of one payee')
    .option('--state <state>', 'reserved, submitted, unknown, settled, returned, refused')
    .action(async (options: AskOptions & { payee?: string; state?: string }) => {
      const filter = {
        ...(options.payee === undefined ? {} : { payee: options.payee }),
        ...(options.state === undefined ? {} : { state: stateOf(options.state) }),
      };
      await askCash<StatusView>(context, options, ({ payouts }) => statusOf(payouts, filter), statusText);
    });
  add('retry-ask', 'ask the rails about everything that is open; sends nothing').action(
    async (options: AskOptions) => {
      await askCash<Pick<StatusView, 'totals'>>(context, options, ({ payouts }) => payouts.ask(), totalsText);
    },
  );
  payout
    .command('check')
    .argument('<file>', 'pain.001; - is the standard input')
    .description('what a schema cannot see: sums, counts, currency, check digits, doubled ids')
    .option('--json', 'one JSON object on stdout')
    .action((file: string, options: { json?: boolean }) => checkFile(context, file, options));
}

/** All payouts that a filter lets through, with the totals. */
async function statusOf(
  payouts: OperatorCash['payouts'],
  filter: { payee?: string; state?: (typeof STATES)[number] },
): Promise<Result<unknown>> {
  let totals: unknown;
  const every = await everyPage(async (page) => {
    const answer = await payouts.status(filter, page);
    if (!answer.ok) return answer;
    // As the route's contract has it.
    const one = answer.value as { totals: unknown; payouts: unknown[]; next: string | null };
    totals = one.totals;
    return ok({ rows: one.payouts, next: one.next });
  });
  return every.ok ? ok({ totals, payouts: every.value }) : every;
}

const STATES = ['reserving', 'reserved', 'submitted', 'unknown', 'settled', 'returned', 'refused'] as const;

function stateOf(word: string): (typeof STATES)[number] {
  const state = STATES.find((one) => one === word);
  if (state !== undefined) return state;
  throw new CommandError('option-invalid', `--state ${word}: it is one of ${STATES.join(', ')}.`, EXIT.usage);
}

function checkFile(context: CommandContext, file: string, options: { json?: boolean }): void {
  const faults = orEnd(checkPain001(readText(file)), EXIT.usage);
  print(context, options.json, { ok: faults.length === 0, faults }, () =>
    faults.length === 0
      ? 'The file may go to the bank.'
      : faults.map(({ where, message }) => `${where}: ${message}`).join('\n'),
  );
  if (faults.length > 0)
    throw new CommandError('payment-file-wrong', `${faults.length} faults.`, EXIT.refused);
}
