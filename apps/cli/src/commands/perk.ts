import { randomUUID } from 'node:crypto';
import { formatAmount, ok, parseAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import { columns, plainText } from '../economy/columns.ts';
import { everyPage, pageQuery } from '../economy/every-page.ts';
import { wholeOption } from '../economy/read-options.ts';
import { EXIT } from '../exit-codes.ts';

interface PerkOptions {
  data: string;
  json?: boolean;
}

interface RedeemOptions extends PerkOptions {
  quantity: string;
  key?: string;
  max?: string;
}

interface Offer {
  readonly item: string;
  readonly title: string;
  readonly unit: string;
  readonly priceCents: string;
  readonly lastCostMicroJam: string | null;
  readonly payeeMonthly: number;
}

interface Perk {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly quantity: string;
  readonly usedQuantity: string;
  readonly heldMicroJam: string;
  readonly costMicroJam: string;
  readonly state: string;
  readonly sentence: string;
  readonly code: string | null;
}

interface PerkPage {
  readonly perks: readonly Perk[];
  readonly next: string | null;
}

const RULE =
  'The price is forward: the first valuation dated after you ask decides, as it does for money; nobody knows it when asking. What was set aside beyond it comes back. Perks are no revenue of the studio.';

export function addPerkCommand(program: Command, context: CommandContext): void {
  const perk = program
    .command('perk')
    .description('take perks for JAMBucks: AI time, pro features, storage, discounts');
  perk.addHelpText(
    'after',
    `\n${RULE}\n\nExamples:\n  jamnet perk list\n  jamnet perk redeem p0123456789abcdef0123456789abcdef ai-hour --quantity 10\n  jamnet perk status p0123456789abcdef0123456789abcdef`,
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  withOptions(
    perk.command('list').description('what is on offer, and what it cost at the last valuation'),
  ).action(async (options: PerkOptions) => {
    const offers = await askJson<readonly Offer[]>(context, options.data, {
      method: 'GET',
      path: '/api/perks',
    });
    print(context, options.json, offers, () => offersText(offers));
  });
  withOptions(
    perk
      .command('redeem')
      .argument('<payee>', 'the pseudonym, "p" and 32 hex digits')
      .argument('<item>', 'name of the perk in the list')
      .description('set units aside for a perk; it is granted once its price is known')
      .option('--quantity <count>', 'how many', '1')
      .option('--max <jam>', 'the most it may cost (default: the last price and a quarter more)')
      .option('--key <text>', 'idempotency key (default: a new one, printed)'),
  ).action((payee: string, item: string, options: RedeemOptions) => redeem(context, payee, item, options));
  withOptions(
    perk.command('status').argument('<payee>').description('what a payee asked for and what became of it'),
  ).action(async (payee: string, options: PerkOptions) => {
    const path = `/api/payees/${encodeURIComponent(payee)}/perks`;
    const every = everyPage<Perk>(async (page) => {
      const question = { method: 'GET', path: `${path}?${pageQuery(page)}` } as const;
      const { perks: rows, next } = await askJson<PerkPage>(context, options.data, question);
      return ok({ rows, next });
    });
    const perks = orEnd(await every);
    print(context, options.json, perks, () =>
      perks.length === 0 ? 'No perk was asked for.' : perks.map(perkText).join('\n'),
    );
  });
  withOptions(perk.command('settle').description('grant what has a price now, end what is over')).action(
    async (options: PerkOptions) => {
      const run = await askJson<Record<string, number>>(context, options.data, {
        method: 'POST',
        path: '/api/perks/settle',
        body: {},
      });
      print(context, options.json, run, () =>
        Object.entries(run)
          .map(([state, count]) => `${count} ${state}`)
          .join(', '),
      );
    },
  );
}

async function redeem(
  context: CommandContext,
  payee: string,
  item: string,
  options: RedeemOptions,
): Promise<void> {
  const key = options.key ?? randomUUID();
  // Said before asking: should the answer be lost, the same key asks again without reserving twice.
  if (!options.key && !options.json) context.stderr.write(`asking under the key ${key}\n`);
  const most =
    options.max === undefined
      ? {}
      : { maxMicroJam: orEnd(parseAmount(options.max, 'JAM'), EXIT.usage).toString() };
  const quantity = Number(wholeOption('--quantity', options.quantity));
  const perk = await askJson<Perk>(context, options.data, {
    method: 'POST',
    path: '/api/perks',
    body: { payee, item, quantity, key, ...most },
  });
  print(context, options.json, { key, ...perk }, () => perkText(perk));
}

function offersText(offers: readonly Offer[]): string {
  if (offers.length === 0) return 'The policy offers no perks.';
  const rows = offers.map(({ item, title, unit, priceCents, lastCostMicroJam, payeeMonthly }) => [
    item,
    `$${formatAmount(BigInt(priceCents), 'USD')}`,
    lastCostMicroJam === null ? 'no price yet' : `${formatAmount(BigInt(lastCostMicroJam), 'JAM')} JAM`,
    `a ${plainText(unit)}, ${payeeMonthly} a month`,
    plainText(title),
  ]);
  return `${columns(rows, [1, 2])}\n${RULE}`;
}

function perkText(perk: Perk): string {
  const cost =
    perk.costMicroJam === '0'
      ? `${formatAmount(BigInt(perk.heldMicroJam), 'JAM')} JAM set aside`
      : `cost ${formatAmount(BigInt(perk.costMicroJam), 'JAM')} JAM`;
  const code = perk.code === null ? '' : `, code ${perk.code}`;
  return `${perk.id}  ${perk.quantity} × ${plainText(perk.unit)} (${plainText(perk.title)}), ${perk.state}: ${cost}${code}. ${perk.sentence}`;
}
