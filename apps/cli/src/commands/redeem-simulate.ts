import { formatAmount, parseAmount } from '@jamnet/base';
import { type RunMonth, samplePolicy, simulateRun } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface SimulateOptions {
  units: string;
  price: string;
  reserve: string;
  inflow: string;
  ask: string;
  months: string;
  json?: boolean;
}

/** A run on the reserve, by the rules that pay redemptions and nothing else. Stands under `redeem`. */
export function addRedeemSimulateCommand(program: Command, context: CommandContext): void {
  const redeem = program.commands.find((command) => command.name() === 'redeem');
  if (!redeem)
    throw new CommandError('program-incomplete', 'redeem must be added before redeem simulate.', EXIT.failed);
  redeem
    .command('simulate')
    .description('a run on the reserve, month by month, under the redemption limits of the sample policy')
    .option('--units <jam>', 'units that people hold', '600000')
    .option('--price <usd>', 'of one unit, constant', '2')
    .option('--reserve <usd>', 'in the reserve at the start', '240000')
    .option('--inflow <usd>', 'into the reserve each month', '5000')
    .option('--ask <percent>', 'of all units, asked for at once; several with commas', '2,10,30,60')
    .option('--months <n>', 'look no further', '600')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet redeem simulate --reserve 240000 --ask 10,30')
    .action((options: SimulateOptions) => simulate(context, options));
}

function simulate(context: CommandContext, options: SimulateOptions): void {
  const usd = (text: string): bigint => orEnd(parseAmount(text, 'USD'), EXIT.usage);
  const outstandingMicroJam = orEnd(parseAmount(options.units, 'JAM'), EXIT.usage);
  const price = { cents: usd(options.price), units: 1n };
  const [reserveCents, inflowCents] = [usd(options.reserve), usd(options.inflow)];
  const monthsMax = Number(options.months);
  if (
    !Number.isInteger(monthsMax) ||
    monthsMax < 1 ||
    monthsMax > 12_000 ||
    price.cents < 1n ||
    outstandingMicroJam < 1n ||
    reserveCents < 0n ||
    inflowCents < 0n
  )
    throw new CommandError(
      'option-invalid',
      '--months is 1 to 12000; --price and --units are above 0; --reserve and --inflow not below.',
      EXIT.usage,
    );
  const runs = options.ask.split(',').map((text) => {
    const askPercent = Number(text);
    if (!Number.isInteger(askPercent) || askPercent < 1 || askPercent > 100)
      throw new CommandError('option-invalid', '--ask is whole percents from 1 to 100.', EXIT.usage);
    const askedMicroJam = (outstandingMicroJam * BigInt(askPercent)) / 100n;
    const limits = samplePolicy({ epochId: 'simulation' }).redemption;
    const months = simulateRun({
      limits,
      price,
      outstandingMicroJam,
      reserveCents,
      inflowCents,
      askedMicroJam,
      monthsMax,
    });
    return { askPercent, cleared: months.at(-1)?.leftMicroJam === 0n, months };
  });
  print(context, options.json, { runs }, () => runs.map(told).join('\n\n'));
}

function told({
  askPercent,
  cleared,
  months,
}: {
  askPercent: number;
  cleared: boolean;
  months: readonly RunMonth[];
}): string {
  const shown = months.length <= 12 ? months : [...months.slice(0, 6), ...months.slice(-3)];
  const end = cleared
    ? `is paid after ${months.length} months`
    : `is not paid within ${months.length} months`;
  const rows = shown.map(
    ({ month, paidCents, reserveCents, leftMicroJam, reservePpm }) =>
      `  ${String(month).padStart(5)}  ${formatAmount(paidCents, 'USD').padStart(14)}  ${formatAmount(reserveCents, 'USD').padStart(14)}  ${formatAmount(leftMicroJam, 'JAM').padStart(18)}  ${(Number(reservePpm) / 10_000).toFixed(1).padStart(6)} %`,
  );
  return [
    `An ask of ${askPercent} % ${end}.`,
    '  month            paid         reserve     still asked (JAM)   reserve',
    ...rows,
  ].join('\n');
}
