import { readFileSync, writeFileSync } from 'node:fs';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { concealTrace, parseTrace } from '@jamnet/pnbtr';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface ConcealOptions {
  in: string;
  trace: string;
  packet: string;
  out: string;
  twoSided?: boolean;
  json?: boolean;
}

const PACKET_FRAMES_RANGE = { least: 16, most: 2048 };

export function addConcealCommand(program: Command, context: CommandContext): void {
  program
    .command('conceal')
    .description("run exactly the receiver's concealment over a WAV file and a loss trace")
    .requiredOption('--in <wav>', 'what was sent; channels are concealed one by one')
    .requiredOption('--trace <file>', 'one digit a packet, 1 for lost; a short trace means the rest arrived')
    .option('--packet <frames>', 'frames a packet', '128')
    .requiredOption('--out <wav>', 'what is heard, 24 bit')
    .option('--two-sided', 'wait one packet more and fill holes from both sides')
    .option('--json', 'figures as one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet conceal --in ref.wav --trace loss.txt --packet 128 --out heard.wav --json',
    )
    .action((options: ConcealOptions) => conceal(context, options));
}

function conceal(context: CommandContext, options: ConcealOptions): void {
  const packetFrames = Number(options.packet);
  const { least, most } = PACKET_FRAMES_RANGE;
  if (!Number.isInteger(packetFrames) || packetFrames < least || packetFrames > most) {
    throw new CommandError('option-invalid', `--packet is ${least} to ${most} frames.`, EXIT.usage);
  }
  const { sampleRateHz, channels } = orEnd(decodeWav(read(options.in)), EXIT.usage);
  const trace = orEnd(parseTrace(read(options.trace).toString('utf8')), EXIT.usage);
  const twoSided = options.twoSided === true;
  const heard = channels.map((samples) =>
    concealTrace(samples, trace, { sampleRateHz, packetFrames, twoSided }),
  );
  writeFileSync(options.out, encodeWav({ sampleRateHz, channels: heard }, { bitsPerSample: 24 }));
  const packets = Math.ceil((channels[0]?.length ?? 0) / packetFrames);
  const lost = trace.subarray(0, packets).reduce((sum, digit) => sum + digit, 0);
  const report = { packets, lost, nmseDb: nmseDb(channels, heard, trace, packetFrames), out: options.out };
  print(
    context,
    options.json,
    report,
    () =>
      `${lost} of ${packets} packets concealed, error ${report.nmseDb?.toFixed(2) ?? 'none'} dB, written to ${options.out}`,
  );
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new CommandError('input-unreadable', `Cannot read ${file}.`, EXIT.usage);
  }
}

/** Error over signal energy in the lost packets, dB; null where nothing was lost or it was silence. */
function nmseDb(
  sent: readonly Float32Array[],
  heard: readonly Float32Array[],
  trace: Uint8Array,
  packetFrames: number,
): number | null {
  let error = 0;
  let signal = 0;
  sent.forEach((samples, channel) => {
    for (let i = 0; i < samples.length; i++) {
      if (trace[Math.floor(i / packetFrames)] !== 1) continue;
      const sample = samples[i] ?? 0;
      error += (sample - (heard[channel]?.[i] ?? 0)) ** 2;
      signal += sample ** 2;
    }
  });
  return signal > 0 ? 10 * Math.log10(error / signal) : null;
}
