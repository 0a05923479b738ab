import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';

interface Seat {
  principal: string;
  untilUs: string | null;
}

export function addSeatCommands(revenue: Command, context: CommandContext): void {
  const seat = revenue
    .command('seat')
    .description('whose use an enterprise licence pays for: a seat’s use counts as its tenant’s');
  const add = (name: string, description: string): Command =>
    seat
      .command(name)
      .description(description)
      .argument('<tenant>', 'principal that pays')
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'JSON on stdout');

  add('add', 'give a principal a seat')
    .argument('<principal>', 'who uses')
    .action((tenant: string, principal: string, options: AskOptions) =>
      askDesk<{ added: number }>(
        context,
        options,
        (desk) => desk.addSeat({ tenant, principal }),
        ({ added }) => (added > 0 ? `${principal} has a seat of ${tenant}.` : 'The seat was there.'),
      ),
    );
  add('end', 'take a seat back; what was used stays the tenant’s')
    .argument('<principal>', 'who used')
    .action((tenant: string, principal: string, options: AskOptions) =>
      askDesk<Seat>(
        context,
        options,
        (desk) => desk.endSeat({ tenant, principal }),
        () => `${principal} has no seat of ${tenant} any more.`,
      ),
    );
  add('list', 'the seats of a tenant').action((tenant: string, options: AskOptions) =>
    askDesk<Seat[]>(
      context,
      options,
      (desk) => desk.seats(tenant),
      (seats) =>
        seats.length === 0
          ? `${tenant} has no seats.`
          : seats
              .map(({ principal, untilUs }) => `${principal}${untilUs === null ? '' : '  (ended)'}`)
              .join('\n'),
    ),
  );
}
