import { writeFileSync } from 'node:fs';
import { formatAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { askJson, askRoute } from '../economy/ask-route.ts';
import { columns, plainText } from '../economy/columns.ts';
import { wholeOption } from '../economy/read-options.ts';

interface OutOptions {
  data: string;
  json?: boolean;
  csv?: boolean;
  html?: boolean;
  out?: string;
}

interface TaxOptions extends OutOptions {
  basis: string;
  identity?: boolean;
}

interface Statement {
  readonly payee: string;
  readonly epoch: { epochId: string };
  readonly paid: { microJam: string; cents: string; escrowed: boolean };
  readonly lines: readonly {
    kind: string;
    rule: string;
    subject: string;
    microJam: string;
    receipts: readonly string[];
  }[];
}

interface TaxYear {
  readonly basis: string;
  readonly threshold1099Cents: string;
  readonly thresholdIsIndexed: boolean;
  readonly lines: readonly {
    payee: string;
    reportableCents: string;
    issuedMicroJam: string;
    reaches1099: boolean;
  }[];
}

/** Where the served page names its stylesheet. */
const STYLESHEET_LINK = '<link rel="stylesheet" href="/reports/reports.css">';

/** The page with its styles inside, for a file has no studio to ask for them. */
async function standingAlone(context: CommandContext, directory: string, page: string): Promise<string> {
  const css = await askRoute(context, directory, { method: 'GET', path: '/reports/reports.css' });
  return page.replace(STYLESHEET_LINK, () => `<style>\n${css}</style>`);
}

/** What only the operator may read, and links for payees. */
export function addReportPrivateCommands(report: Command, context: CommandContext): void {
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout')
      .option('--out <file>', 'write it to a file, readable by its owner only');

  withOptions(
    report
      .command('statement')
      .argument('<payee>')
      .argument('<epoch>')
      .description('what a payee got in an epoch and why')
      .option('--csv', 'one row a line of it')
      .option('--html', 'the page to be printed'),
  ).action(async (payee: string, epoch: string, options: OutOptions) => {
    const [who, when] = [encodeURIComponent(payee), encodeURIComponent(epoch)];
    if (options.csv || options.html) {
      const path = `/reports/statements/${who}/${when}.${options.csv ? 'csv' : 'html'}`;
      const text = await askRoute(context, options.data, { method: 'GET', path });
      give(context, options, options.csv ? text : await standingAlone(context, options.data, text));
      return;
    }
    const path = `/api/reports/statements/${who}/${when}`;
    const statement = await askJson<Statement>(context, options.data, { method: 'GET', path });
    giveBoth(context, options, statement, () => statementText(statement));
  });

  withOptions(
    report
      .command('tax')
      .argument('<year>')
      .description('totals by payee for 1099-NEC and DAC7, of one UTC year')
      .option(
        '--basis <rule>',
        'payment: cash paid out and perks at their price; issue: units at fair value when issued',
        'payment',
      )
      .option('--csv', 'one row a payee')
      .option(
        '--identity',
        'with --csv: legal names, tax ids, birth dates and addresses out of the sealed payee files',
      ),
  ).action(async (year: string, options: TaxOptions) => {
    const query = new URLSearchParams({ basis: options.basis, form: options.csv ? 'csv' : 'json' });
    if (options.csv && options.identity) query.set('identity', 'true');
    const path = `/api/reports/tax/${encodeURIComponent(year)}?${query}`;
    if (options.csv) {
      give(context, options, await askRoute(context, options.data, { method: 'GET', path }));
      return;
    }
    const tax = await askJson<TaxYear>(context, options.data, { method: 'GET', path });
    giveBoth(context, options, tax, () => taxText(tax));
  });

  withOptions(
    report
      .command('link')
      .argument('<payee>')
      .argument('<epoch>')
      .description('a link by which a payee reads the statement until it expires')
      .option('--days <count>', 'how long it works, 1 to 90', '7'),
  ).action(async (payee: string, epoch: string, options: OutOptions & { days: string }) => {
    const body = { payee, epoch, days: Number(wholeOption('--days', options.days)) };
    const link = await askJson<{ path: string; untilS: number }>(context, options.data, {
      method: 'POST',
      path: '/api/reports/links',
      body,
    });
    giveBoth(
      context,
      options,
      link,
      () => `${link.path}\nworks until ${new Date(link.untilS * 1000).toISOString()}`,
    );
  });

  withOptions(
    report
      .command('name')
      .argument('<payee>')
      .argument('[name]')
      .description(
        'show a member under a name, by the member’s own wish; without a name: back to the pseudonym',
      ),
  ).action(async (payee: string, name: string | undefined, options: OutOptions) => {
    const path = `/api/names/${encodeURIComponent(payee)}`;
    const answer = await askJson<{ name: string | null }>(
      context,
      options.data,
      name === undefined ? { method: 'DELETE', path } : { method: 'PUT', path, body: { name } },
    );
    giveBoth(context, options, answer, () =>
      answer.name === null
        ? `${payee} is a pseudonym again.`
        : `${payee} is shown as ${plainText(answer.name)}.`,
    );
  });
}

function give(context: CommandContext, { out }: OutOptions, text: string): void {
  if (out === undefined) context.stdout.write(text);
  else {
    writeFileSync(out, text, { mode: 0o600 });
    context.stderr.write(`written to ${out}\n`);
  }
}

function giveBoth(context: CommandContext, options: OutOptions, value: unknown, text: () => string): void {
  if (options.out === undefined) print(context, options.json, value, text);
  else give(context, options, `${options.json ? JSON.stringify(value) : text()}\n`);
}

function statementText({ payee, epoch, paid, lines }: Statement): string {
  const state = paid.escrowed ? ', in escrow until the key is verified' : '';
  const rows = lines.map(({ kind, rule, subject, microJam, receipts }) => [
    formatAmount(BigInt(microJam), 'JAM'),
    kind,
    rule === 'use' ? 'by use' : 'by merit',
    plainText(subject).slice(0, 40),
    plainText(receipts.join(' ')).slice(0, 60),
  ]);
  const head = `${payee}, epoch ${epoch.epochId}: ${formatAmount(BigInt(paid.microJam), 'JAM')} JAM and $${formatAmount(BigInt(paid.cents), 'USD')} in cash${state}`;
  return `${head}\n${columns(rows, [0])}`;
}

function taxText({ basis, threshold1099Cents, thresholdIsIndexed, lines }: TaxYear): string {
  const rows = lines.map(({ payee, reportableCents, issuedMicroJam, reaches1099 }) => [
    payee,
    formatAmount(BigInt(reportableCents), 'USD'),
    formatAmount(BigInt(issuedMicroJam), 'JAM'),
    reaches1099 ? '1099-NEC' : '',
  ]);
  const threshold = `1099-NEC from $${formatAmount(BigInt(threshold1099Cents), 'USD')}${thresholdIsIndexed ? ' (indexed from 2027: check the figure of the year)' : ''}`;
  return `${columns([['payee', 'reportable $', 'JAM issued', ''], ...rows], [1, 2])}\nbasis: ${basis}; ${threshold}`;
}
