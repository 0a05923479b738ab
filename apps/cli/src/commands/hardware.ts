import { CURRENCIES, currencyNamed, formatMinor } from '@jamnet/economy';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { everyPage } from '../economy/every-page.ts';
import { wholeOption } from '../economy/read-options.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addDeviceCommands } from './hardware-device.ts';

interface Order {
  id: string;
  product: string;
  quantity: number;
  amountMinor: string;
  currency: string;
  state: string;
  devices: { state: string; payee: string | null; chargedMicroJam: string }[];
}

interface OrderOptions extends AskOptions {
  principal: string;
  product: string;
  quantity: string;
  amountMinor: string;
  currency: string;
  discount?: string;
}

interface RefundOptions extends AskOptions {
  refund: string;
  amountMinor: string;
}

export function addHardwareCommand(program: Command, context: CommandContext): void {
  const hardware = program
    .command('hardware')
    .description('orders of devices, their claim codes and rewards');
  hardware.addHelpText(
    'after',
    '\nExamples:\n  jamnet hardware orders\n  jamnet hardware order shop-17 --principal ann --product jamcaster --amount-minor 9900\n  jamnet hardware claim 7KQM-… --payee p0123456789abcdef0123456789abcdef --key device.pem',
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'JSON on stdout');

  withOptions(
    hardware.command('orders').description('the orders and their devices, the newest first'),
  ).action((options: AskOptions) =>
    askDesk<Order[]>(
      context,
      options,
      (desk) =>
        everyPage(async (page) => {
          const answer = await desk.orders(page);
          if (!answer.ok) return answer;
          // As the route's contract has it.
          const { orders, next } = answer.value as { orders: Order[]; next: string | null };
          return { ok: true, value: { rows: orders, next } };
        }),
      (orders) => (orders.length === 0 ? 'No order is in the books.' : orders.map(orderText).join('\n')),
    ),
  );
  withOptions(
    hardware
      .command('order')
      .description('book an order that no webhook brings; prints its claim codes once'),
  )
    .argument('<id>', 'id of the order at the shop')
    .requiredOption('--principal <name>', 'who pays')
    .requiredOption('--product <key>', 'product of the policy’s catalogue')
    .option('--quantity <count>', 'devices', '1')
    .requiredOption('--amount-minor <amount>', 'what is paid, in the currency’s smallest unit')
    .option('--currency <code>', CURRENCIES.join(', '), 'USD')
    .option('--discount <code>', 'code of a hardware discount that was paid in JAMBucks')
    .action((id: string, options: OrderOptions) => {
      const { principal, product, currency } = options;
      const quantity = Number(wholeOption('--quantity', options.quantity));
      const amountMinor = wholeOption('--amount-minor', options.amountMinor);
      const placedAtUs = (BigInt(Date.now()) * 1_000n).toString();
      const body = { id, principal, product, quantity, amountMinor, currency, placedAtUs };
      return askDesk<{ codes: string[]; repeated: boolean }>(
        context,
        options,
        (desk) => desk.placeOrder({ ...body, discountCode: options.discount ?? null }),
        codesText,
      );
    });
  withOptions(
    hardware
      .command('reissue')
      .description('new codes for devices that nobody has claimed; the old ones are void'),
  )
    .argument('<id>', 'id of the order')
    .action((id: string, options: AskOptions) =>
      askDesk<{ codes: string[]; repeated: boolean }>(
        context,
        options,
        (desk) => desk.reissueCodes(id),
        codesText,
      ),
    );
  withOptions(
    hardware.command('refund').description('book what went back for an order; all of it undoes the order'),
  )
    .argument('<id>', 'id of the order')
    .requiredOption('--refund <id>', 'id of the refund: one refund, one id')
    .requiredOption('--amount-minor <amount>', 'what went back, in the currency’s smallest unit')
    .action((order: string, options: RefundOptions) => {
      const amountMinor = wholeOption('--amount-minor', options.amountMinor);
      if (options.refund === '')
        throw new CommandError('option-invalid', '--refund names the refund.', EXIT.usage);
      const receivedAtUs = (BigInt(Date.now()) * 1_000n).toString();
      return askDesk(context, options, (desk) =>
        desk.refundOrder({ order, refund: options.refund, amountMinor, receivedAtUs }),
      );
    });
  addDeviceCommands(hardware, withOptions, context);
}

function codesText({ codes, repeated }: { codes: string[]; repeated: boolean }): string {
  if (repeated) return 'The order was there; "jamnet hardware reissue" replaces codes that got lost.';
  if (codes.length === 0) return 'No device of the order waits to be claimed.';
  return ['Claim codes, told this once:', ...codes].join('\n');
}

function orderText({ id, product, quantity, amountMinor, currency, state, devices }: Order): string {
  const known = currencyNamed(currency);
  const amount = known ? formatMinor(BigInt(amountMinor), known) : amountMinor;
  const head = `${id}  ${quantity} × ${product}  ${amount} ${currency}  ${state}`;
  return [head, ...devices.map((device) => `  ${device.state}  ${device.payee ?? 'nobody yet'}`)].join('\n');
}
