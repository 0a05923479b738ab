import { checkGpu, type GpuCheck } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { ownOptions } from '../node/own-options.ts';

const FOUND = {
  gpu: 'A card computes:',
  software: 'No GPU: WebGPU computes in software here, which counts as the CPU:',
  none: 'No GPU that WebGPU can compute on.',
} as const satisfies Record<GpuCheck['found'], string>;

/** `jamnet node check-gpu`. */
export function addNodeCheckGpuCommand(node: Command, context: CommandContext): void {
  node
    .command('check-gpu')
    .description('compute every kind that is a model by WebGPU and on the CPU: cards, GFLOP/s, agreement')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nTakes some seconds.\nExample:\n  jamnet node check-gpu')
    .action(async (_: object, command: Command) => {
      const check = await checkGpu();
      print(context, ownOptions<{ json?: boolean }>(command).json, check, () => gpuText(check));
    });
}

/** What was found, a line a kind. */
export function gpuText({ adapters, found, message, kinds }: GpuCheck): string {
  const cards =
    adapters.length === 0 ? 'The system names no graphics card.' : `Cards: ${adapters.join(', ')}.`;
  return [
    cards,
    FOUND[found],
    ...(message === null ? [] : [`  ${message}`]),
    ...kinds.map(
      ({ kind, gigaflops, referenceGigaflops, agreementDecibel }) =>
        `  ${kind}: ${gigaflops.toFixed(2)} GFLOP/s, on the CPU ${referenceGigaflops.toFixed(2)}; they agree to ${agreementDecibel.toFixed(1)} dB`,
    ),
  ].join('\n');
}
