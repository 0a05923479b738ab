import { type AttackBench, benchAttacks, type MeasuredAttack } from '@jamnet/attribution';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const PARTS_PER_PERCENT = 10_000_000;

/** What a thief gets out of attribution by each attack that the promise names, beside the limit. */
export function addBenchAttacksCommand(bench: Command, context: CommandContext): void {
  bench
    .command('attacks')
    .description('what a thief gains by each known attack on code shares; real replays, takes minutes')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nShares are out of 10⁹ in JSON, per cent in the table. Ends with 1 when an attack gains more than its limit.\n\nExample:\n  jamnet bench attacks --json',
    )
    .action(async (options: { json?: boolean }) => {
      const found = await benchAttacks(
        (attack) => void context.stderr.write(`${attack.isHeld ? 'held' : 'NOT HELD'}: ${attack.name}\n`),
      );
      print(context, options.json, found, () => table(found));
      if (found.isHeld) return;
      const names = found.attacks.filter(({ isHeld }) => !isHeld).map(({ name }) => name);
      throw new CommandError(
        'attack-not-held',
        `More than its limit gains: ${names.join(', ')}.`,
        EXIT.failed,
      );
    });
}

function table({ attacks }: AttackBench): string {
  const head = ['attack', 'gate', 'statements', 'share', 'honest', 'gain', 'limit', ''];
  return columns([head, ...attacks.map(row)], [2, 3, 4, 5, 6]);
}

function row(attack: MeasuredAttack): string[] {
  const { name, isJudged, statements, takenParts, honestParts, gainParts, gainPartsMax, isHeld } = attack;
  const shares = [takenParts, honestParts, gainParts, gainPartsMax].map(percent);
  return [name, isJudged ? 'yes' : 'no', String(statements), ...shares, isHeld ? 'held' : 'NOT HELD'];
}

function percent(parts: number): string {
  return parts === 0
    ? '0 %'
    : `${(parts / PARTS_PER_PERCENT).toFixed(7).replace(/0+$/, '').replace(/\.$/, '')} %`;
}
