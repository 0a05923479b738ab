import { formatAmount } from '@jamnet/base';
import { type CsvMapping, type CsvRevenue, readRevenueCsv } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { withEconomy } from '../economy/open-economy-here.ts';
import { readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface ImportOptions {
  data: string;
  map: string[];
  dryRun?: boolean;
  json?: boolean;
}

const NAMED: CsvMapping = {
  id: 'id',
  principal: 'principal',
  stream: 'stream',
  amount: 'amount',
  currency: 'currency',
  receivedAt: 'receivedAt',
};
const MEMBERS = [...Object.keys(NAMED), 'reference', 'refundOf'];
/** What the store takes in one call. */
const PER_CALL = 10_000;

export function addRevenueCommand(program: Command, context: CommandContext): void {
  program
    .command('revenue')
    .description('bring revenue into the books')
    .command('import')
    .description(
      'receipts from a CSV file; all lines must be good, else nothing is written; repeating it is harmless',
    )
    .argument('<file>', 'CSV with a heading, comma or semicolon; - is the standard input')
    .option(
      '--map <member=column>',
      `which column is what; member==text sets it for all lines; members: ${MEMBERS.join(', ')}`,
      collect,
      [],
    )
    .option('--dry-run', 'read and check, write nothing')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet revenue import stripe.csv --dry-run --map id=balance_transaction --map principal=customer --map stream==subscription --map amount=gross --map receivedAt=created',
    )
    .action((file: string, options: ImportOptions) => importRevenue(context, file, options));
}

async function importRevenue(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const read = orEnd(readRevenueCsv(readText(file), mappingOf(options.map), timeUs), EXIT.usage);
  const { receipts, faults, netCents } = read;
  if (faults.length > 0) {
    if (options.dryRun)
      print(context, options.json, { good: receipts.length, faults, netCents }, () => told(read));
    const [first] = faults;
    throw new CommandError(
      'lines-refused',
      `${faults.length} lines cannot be read, nothing was written. Line ${first?.line}: ${first?.message}`,
      EXIT.usage,
    );
  }
  if (options.dryRun) {
    print(context, options.json, { good: receipts.length, faults, netCents }, () => told(read));
    return;
  }
  await withEconomy(context, options.data, async (economy) => {
    let added = 0;
    for (let start = 0; start < receipts.length; start += PER_CALL) {
      const answer = orEnd(
        await economy.addReceipts(BigInt(Date.now()) * 1_000n, receipts.slice(start, start + PER_CALL)),
      );
      added += answer.added;
    }
    print(
      context,
      options.json,
      { good: receipts.length, added, netCents },
      () => `${told(read)}\n${added} of them are new.`,
    );
  });
}

function told({ receipts, faults, netCents }: CsvRevenue): string {
  const streams = Object.entries(netCents).filter(([, cents]) => cents !== 0n);
  return [
    `${receipts.length} receipts are good.`,
    ...streams.map(([stream, cents]) => `${stream}: ${formatAmount(cents, 'USD')} USD`),
    ...faults.map(({ line, message }) => `line ${line}: ${message}`),
  ].join('\n');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function mappingOf(pairs: readonly string[]): CsvMapping {
  const mapping: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const member = pair.slice(0, at);
    if (at < 1 || !MEMBERS.includes(member))
      throw new CommandError(
        'option-invalid',
        `--map ${pair}: write member=column; members are ${MEMBERS.join(', ')}.`,
        EXIT.usage,
      );
    mapping[member] = pair.slice(at + 1);
  }
  return { ...NAMED, ...mapping };
}

/** Seconds since 1970, a day, or ISO 8601 with its zone: a time without one would depend on this machine. */
function timeUs(text: string): bigint | null {
  if (/^\d{9,11}$/.test(text)) return BigInt(text) * 1_000_000n;
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && ms >= 0 ? BigInt(ms) * 1_000n : null;
}
