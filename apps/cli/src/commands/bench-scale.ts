import { type BenchScale, benchScale } from '@jamnet/studio/scale';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const COUNT_MAX = 1_000_000;
const CLIENTS_MAX = 256;

type Options = Readonly<Record<string, string>> & { readonly json?: boolean };

/** A studio in a process of its own under load, with what each process spent: what holds it up is named from that. */
export function addBenchScaleCommand(bench: Command, context: CommandContext): void {
  bench
    .command('scale')
    .description('API, room joins, events through NATS and a close under load, with what holds each up')
    .option('--clients <n>', 'that ask at once', '8')
    .option('--requests <n>', 'of the mix', '1000')
    .option('--joins <n>', '', '2000')
    .option('--events <n>', '', '100000')
    .option('--contributors <n>', 'of the epoch that is closed', '200')
    .option('--contributions <n>', '', '2000')
    .option('--receipts <n>', '', '400')
    .option('--uses <n>', '', '10000')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nClients and studio share this machine: figures of processor time hold on a busy one, those by the clock do not.\n\nExample:\n  jamnet bench scale --json',
    )
    .action(async (options: Options) => {
      const of = (name: string, most = COUNT_MAX): number => count(options, name, most);
      const report = await benchScale({
        checkout: context.checkout,
        clients: of('clients', CLIENTS_MAX),
        requests: of('requests'),
        joins: of('joins'),
        events: of('events'),
        epoch: {
          contributors: of('contributors'),
          contributions: of('contributions'),
          receipts: of('receipts'),
          uses: of('uses'),
        },
        onPhase: (phase) => void context.stderr.write(`${phase} …\n`),
      });
      print(context, options.json, report, () => scaleTable(report));
    });
}

function count(options: Options, name: string, most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 2 && value <= most) return value;
  throw new CommandError('option-invalid', `--${name} is a whole number from 2 to ${most}.`, EXIT.usage);
}

function scaleTable({ api, joins, events, close }: BenchScale): string {
  const row = (what: string, perSecond: number, p95Ms: number | null): string[] => [
    what,
    `${perSecond}`,
    p95Ms === null ? '' : p95Ms.toFixed(1),
  ];
  const rows = [
    ['', 'a second', '95 of 100 within, ms'],
    row('API, the mix', api.perSecond, api.p95Ms),
    row('API while an epoch closes', close.apiMeanwhile.perSecond, close.apiMeanwhile.p95Ms),
    row('room joins', joins.perSecond, joins.p95Ms),
    ...(events === null
      ? []
      : [row(`events of ${events.eventBytes} bytes through NATS`, events.perSecond, null)]),
  ];
  const said = [api.bottleneck, joins.bottleneck, events?.bottleneck].filter((line) => line != null);
  const closed = `${close.contributions} contributions and ${close.uses} uses closed in ${close.seconds} s while clients asked`;
  const absent = events === null ? ['no nats-server on this machine: events were not measured'] : [];
  return [columns(rows, [1, 2]), closed, ...absent, ...said].join('\n');
}
