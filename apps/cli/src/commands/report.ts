import { formatAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import { columns, plainText } from '../economy/columns.ts';
import { addReportPrivateCommands } from './report-private.ts';

interface ReportOptions {
  data: string;
  json?: boolean;
}

interface BoardOptions extends ReportOptions {
  kind?: string;
  epoch?: string;
}

interface Success {
  readonly epochId: string | null;
  readonly figures: readonly {
    label: string;
    value: string;
    definition: string;
    proof: { label: string; href: string };
  }[];
}

interface Board {
  readonly payees: number;
  readonly rows: readonly { place: number; payee: string; name: string | null; microJam: string }[];
}

interface Prices {
  readonly points: readonly {
    datedAtUs: string;
    priceTenThousandths: string;
    valueCents: string;
    fullyDilutedUnits: string;
    usedMicroJam: string;
    reserveCents: string;
    approvedBy: string;
    documentSha256: string;
  }[];
}

export function addReportCommand(program: Command, context: CommandContext): void {
  const report = program
    .command('report')
    .description('success, leaderboard, statements, tax year and price of a studio, running or stopped');
  report.addHelpText(
    'after',
    '\nExamples:\n  jamnet report success\n  jamnet report leaderboard --kind music\n  jamnet report statement p0123456789abcdef0123456789abcdef 2026-10 --csv --out statement.csv\n  jamnet report tax 2026 --csv --out tax-2026.csv\n  jamnet report price --json',
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  withOptions(
    report.command('success').description('each public figure with its definition and proof'),
  ).action(async (options: ReportOptions) => {
    const answer = await askJson<Success>(context, options.data, {
      method: 'GET',
      path: '/api/reports/success',
    });
    print(context, options.json, answer, () => successText(answer));
  });

  withOptions(
    report
      .command('leaderboard')
      .description('who earned most; names only of members who agreed')
      .option('--kind <kind>', 'music, code, compute or curation (default: all)')
      .option('--epoch <id>', 'one closed epoch (default: all)'),
  ).action(async (options: BoardOptions) => {
    const query = new URLSearchParams();
    if (options.kind) query.set('kind', options.kind);
    if (options.epoch) query.set('epoch', options.epoch);
    const path = `/api/reports/leaderboard?${query}`;
    const board = await askJson<Board>(context, options.data, { method: 'GET', path });
    print(context, options.json, board, () => boardText(board));
  });

  withOptions(
    report.command('price').description('every valuation with unit price, pool used and reserve'),
  ).action(async (options: ReportOptions) => {
    const prices = await askJson<Prices>(context, options.data, {
      method: 'GET',
      path: '/api/reports/price',
    });
    print(context, options.json, prices, () => priceText(prices));
  });

  addReportPrivateCommands(report, context);
}

function successText({ epochId, figures }: Success): string {
  if (epochId === null) return 'No epoch has been closed yet.';
  const lines = figures.map(
    ({ label, value, definition, proof }) =>
      `${label}: ${value}\n  ${definition}\n  proof: ${proof.label}, ${proof.href}`,
  );
  return [`Epoch ${epochId}`, ...lines].join('\n');
}

function boardText({ rows, payees }: Board): string {
  if (rows.length === 0) return 'Nobody has earned here yet.';
  const lines = rows.map(({ place, payee, name, microJam }) => [
    String(place),
    formatAmount(BigInt(microJam), 'JAM'),
    payee,
    plainText(name ?? ''),
  ]);
  return `${columns(lines, [0, 1])}\n${rows.length} of ${payees} pseudonyms`;
}

function priceText({ points }: Prices): string {
  if (points.length === 0) return 'There is no valuation yet.';
  const head = [
    'date',
    'unit price $',
    'valuation $',
    'units',
    'pool used JAM',
    'reserve $',
    'approved by',
    'document',
  ];
  const rows = points.map((point) => [
    new Date(Number(BigInt(point.datedAtUs) / 1000n)).toISOString().slice(0, 10),
    (Number(point.priceTenThousandths) / 10_000).toFixed(4),
    formatAmount(BigInt(point.valueCents), 'USD'),
    point.fullyDilutedUnits,
    formatAmount(BigInt(point.usedMicroJam), 'JAM'),
    formatAmount(BigInt(point.reserveCents), 'USD'),
    plainText(point.approvedBy),
    `${point.documentSha256.slice(0, 16)}…`,
  ]);
  return columns([head, ...rows], [1, 2, 3, 4, 5]);
}
