import { type AgreementRow, compareHosts, type HostsCompared } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const WHERE = { gpu: 'WebGPU on the graphics card', software: 'WebGPU in software' } as const;

/** Whether honest hosts of unlike machines agree, and whether those that compute with less are told apart. */
export function addBenchAgreementCommand(bench: Command, context: CommandContext): void {
  bench
    .command('agreement')
    .description('our models as WebAssembly and by WebGPU beside ONNX on this processor, honest and cheating')
    .option('--driver <file>', 'Vulkan driver for WebGPU (default: that of the card, else SwiftShader)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nSignal to noise in dB. Ends with 1 when an honest result is below its gate or a cheaper model is above it.\n\nExamples:\n  jamnet bench agreement\n  jamnet bench agreement --driver /usr/lib/chromium/vk_swiftshader_icd.json --json',
    )
    .action(async (options: { driver?: string; json?: boolean }) => {
      const compared = await compareHosts(options.driver);
      print(context, options.json, compared, () => agreementText(compared));
      const wrong = compared.rows.filter((row) => !isSeparated(row));
      if (wrong.length === 0) return;
      const names = wrong.map(({ model, backend }) => `${model} (${backend})`).join(', ');
      throw new CommandError('agreement-unsound', `Honest and cheap are not apart: ${names}.`, EXIT.failed);
    });
}

function isSeparated({ gateDecibel, honestDecibel, cheatDecibel }: AgreementRow): boolean {
  return honestDecibel >= gateDecibel && Object.values(cheatDecibel).every((cheat) => cheat < gateDecibel);
}

/** The table, and a line that says whether WebGPU ran. */
export function agreementText({ rows, webgpu }: HostsCompared): string {
  const head = ['model', 'computed by', 'gate', 'honest', 'fp16', 'int8', 'bf16', '1 % pruned'];
  const body = rows.map(({ model, backend, gateDecibel, honestDecibel, cheatDecibel }) => {
    const { fp16, int8, bf16, pruned } = cheatDecibel;
    const decibels = [gateDecibel, honestDecibel, fp16, int8, bf16, pruned];
    return [model, backend, ...decibels.map((decibel) => decibel.toFixed(1))];
  });
  const ran =
    webgpu.ran === 'none'
      ? `WebGPU was not run: ${webgpu.message}`
      : `${WHERE[webgpu.ran]}${webgpu.driver === null ? '' : ` (${webgpu.driver})`}.`;
  return `${columns([head, ...body], [2, 3, 4, 5, 6, 7])}\n${ran}`;
}
