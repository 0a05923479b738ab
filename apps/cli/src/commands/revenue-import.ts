import { existsSync } from 'node:fs';
import {
  type CsvMapping,
  type CsvRevenue,
  chunksOfReceipts,
  formatMinor,
  type IncomingReceipt,
  readRevenueCsv,
  timeUs,
} from '@jamnet/economy';
import { type OperatorDesk, RECEIPTS_PER_REQUEST_MAX } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';

interface ImportOptions {
  data: string;
  map: string[];
  dryRun?: boolean;
  json?: boolean;
}

const NAMED: CsvMapping = {
  id: 'id',
  principal: 'principal',
  amount: 'amount',
  currency: 'currency',
  receivedAt: 'receivedAt',
};
const MEMBERS = [...Object.keys(NAMED), 'stream', 'product', 'reference', 'refundOf'];

export function addRevenueImport(revenue: Command, context: CommandContext): void {
  revenue
    .command('import')
    .description(
      'receipts from a CSV file; all lines must be good, else nothing is written; repeating it is harmless',
    )
    .argument('<file>', 'CSV with a heading, comma or semicolon; - is the standard input')
    .option(
      '--map <member=column>',
      `which column is what, where it is not called so itself; member==text sets it for all lines; members: ${MEMBERS.join(', ')}`,
      collect,
      [],
    )
    .option('--dry-run', 'read, check against the published policy and what is in the books, write nothing')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nAmounts are decimals such as 99.00, times 2026-10-31, 2026-10-31T12:00:00Z or seconds since 1970. A line is for a product of the policy or for a stream; refundOf names the payment that a line pays back.\n\nExample:\n  jamnet revenue import stripe.csv --dry-run --map id=balance_transaction --map principal=customer --map product==subscription-player --map amount=gross --map receivedAt=created',
    )
    .action((file: string, options: ImportOptions) => importRevenue(context, file, options));
}

async function importRevenue(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const read = orEnd(readRevenueCsv(readText(file), mappingOf(options.map), timeUs), EXIT.usage);
  const { receipts, faults, sums } = read;
  if (faults.length > 0) {
    if (options.dryRun)
      print(context, options.json, { good: receipts.length, faults, sums }, () => told(read));
    const [first] = faults;
    throw new CommandError(
      'lines-refused',
      `${faults.length} lines cannot be read, nothing was written. Line ${first?.line}: ${first?.message}`,
      EXIT.usage,
    );
  }
  if (options.dryRun && !existsSync(options.data)) {
    print(context, options.json, { good: receipts.length, faults, sums, checked: false }, () =>
      [told(read), `There is no ${options.data}: not checked against a policy.`].join('\n'),
    );
    return;
  }
  const studio = await accessStudio(context, options.data);
  try {
    const chunks = chunksOfReceipts(receipts, RECEIPTS_PER_REQUEST_MAX);
    // All is checked before any is written; a piece is a request of its own.
    const check = await send(context, studio.desk, chunks, true);
    const { added } = options.dryRun ? check : await send(context, studio.desk, chunks, false);
    const answer = {
      good: receipts.length,
      added,
      sums,
      ...(options.dryRun ? { faults, checked: true } : {}),
    };
    print(context, options.json, answer, () =>
      [told(read), `${added} of them ${options.dryRun ? 'would be' : 'are'} new.`].join('\n'),
    );
  } finally {
    await studio.close();
  }
}

async function send(
  context: CommandContext,
  desk: OperatorDesk,
  chunks: readonly (readonly IncomingReceipt[])[],
  checkOnly: boolean,
): Promise<{ added: number }> {
  let [added, done] = [0, 0];
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  for (const chunk of chunks) {
    const receipts = chunk.map((receipt) => ({
      ...receipt,
      amountMinor: receipt.amountMinor.toString(),
      receivedAtUs: receipt.receivedAtUs.toString(),
    }));
    const answer = await desk.addReceipts({ receipts, checkOnly });
    if (!answer.ok) {
      const written = checkOnly
        ? 'Nothing was written.'
        : `${done} of ${total} were written before; repeating the import goes on there.`;
      throw new CommandError(answer.code, `${answer.message} ${written}`, EXIT.refused);
    }
    // The desk answers how many were new.
    added += (answer.value as { added: number }).added;
    done += chunk.length;
    if (chunks.length > 1) context.stderr.write(`${checkOnly ? 'checked' : 'written'} ${done} of ${total}\n`);
  }
  return { added };
}

function told({ receipts, faults, sums }: CsvRevenue): string {
  return [
    `${receipts.length} receipts are good.`,
    ...sums.map(
      ({ of, currency, amountMinor }) => `${of}: ${formatMinor(amountMinor, currency)} ${currency}`,
    ),
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
