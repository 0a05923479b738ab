import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addRevenueImport } from './revenue-import.ts';
import { addRateCommands } from './revenue-rate.ts';
import { addSeatCommands } from './revenue-seat.ts';

export function addRevenueCommand(program: Command, context: CommandContext): void {
  const revenue = program
    .command('revenue')
    .description('bring revenue into the books: receipts, exchange rates, seats of tenants');
  revenue.addHelpText(
    'after',
    '\nExamples:\n  jamnet revenue import stripe.csv --dry-run --map id=balance_transaction\n  jamnet revenue rate add EUR 1.0842 --day 2026-10-30 --document ecb.xml\n  jamnet revenue seat add acme ann',
  );
  addRevenueImport(revenue, context);
  addRateCommands(revenue, context);
  addSeatCommands(revenue, context);
}
