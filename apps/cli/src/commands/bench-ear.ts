import { type EarCost, measureEarApart } from '@jamnet/jambox';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

/** What hearing one player costs, beside a tenth of the packet's own length. */
export function addBenchEarCommand(bench: Command, context: CommandContext): void {
  bench
    .command('ear')
    .description('what hearing one player costs a packet: reading, buffer, repair, concealment, resampling')
    .option('--packets <n>', 'packets of each size', '60000')
    .option('--normal-priority', 'leave the measurement at the priority of all other work')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet bench ear --packets 20000')
    .action(async (options: { packets: string; normalPriority?: boolean; json?: boolean }) => {
      const packets = Number(options.packets);
      if (!Number.isInteger(packets) || packets < 1000 || packets > 10_000_000)
        throw new CommandError('option-invalid', '--packets is 1,000 to 10,000,000.', EXIT.usage);
      const ears: EarCost[] = [];
      for (const frames of [64, 128, 256])
        ears.push(await measureEarApart(frames, packets, options.normalPriority === true));
      print(context, options.json, { ears }, () => ears.map(text).join('\n'));
    });
}

function text(cost: EarCost): string {
  const { processorUsP999, processorUsWorst } = cost;
  const share = (us: number): string => `${us.toFixed(0)} µs (${((100 * us) / cost.packetUs).toFixed(1)} %)`;
  const { controlProcessorUsWorst: controlWorst } = cost;
  return [
    `${cost.packetFrames} frames: p50 ${share(cost.usP50)}, p99 ${share(cost.usP99)}, p99.9 ${share(cost.usP999)}, worst ${share(cost.usWorst)} of the packet time; goal 10 %`,
    ...(processorUsP999 === null || processorUsWorst === null
      ? []
      : [
          `  by the thread's own processor time, other programs left out: p99.9 ${share(processorUsP999)}, worst ${share(processorUsWorst)}`,
        ]),
    `  control, arithmetic as long beside it: p50 ${share(cost.controlUsP50)}, p99.9 ${share(cost.controlUsP999)}, worst ${share(cost.controlUsWorst)}${controlWorst === null ? '' : `, by processor time ${share(controlWorst)}`}`,
    `  ${cost.collections} collections of memory, the longest ${share(cost.collectionUsWorst)}; the worst packet time had ${cost.isWorstCollected ? 'one' : 'none'} of them in it`,
    `  with concealment p50 ${share(cost.concealingUsP50)}, p99 ${share(cost.concealingUsP99)}`,
  ].join('\n');
}
