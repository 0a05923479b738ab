import { readFileSync, writeFileSync } from 'node:fs';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { concealChannels, decodeBlend, PACKET_FRAMES_RANGE, parseTrace } from '@jamnet/pnbtr';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface ConcealOptions {
  in: string;
  trace: string;
  packet: string;
  out: string;
  twoSided?: boolean;
  mixture?: string;
  json?: boolean;
}

export function addConcealCommand(program: Command, context: CommandContext): void {
  program
    .command('conceal')
    .description("run exactly the receiver's concealment over a WAV file and a loss trace")
    .requiredOption('--in <wav>', 'what was sent: 16, 24 or 32 bit or float32, 8 to 192 kHz, 1 to 8 channels')
    .requiredOption(
      '--trace <file>',
      'one digit a packet, 1 for lost; what a shorter trace does not name arrived, a longer one is cut',
    )
    .option(
      '--packet <frames>',
      `frames a packet, ${PACKET_FRAMES_RANGE.least} to ${PACKET_FRAMES_RANGE.most}`,
      '128',
    )
    .requiredOption('--out <wav>', 'what is heard, 24 bit')
    .option('--two-sided', 'wait one packet more and fill holes from both sides')
    .option('--mixture <file>', 'a mixture that `jamnet conceal-round` released; else the shipped one')
    .option('--json', 'figures as one JSON object on stdout')
    .addHelpText(
      'after',
      '\nTwo channels are concealed as one sound, more one by one; the last packet is filled up with zeros. The trace is text of 0 and 1, white space and lines that begin with # aside.\nExample:\n  jamnet conceal --in ref.wav --trace loss.txt --packet 128 --out heard.wav --json',
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
  if ((channels[0]?.length ?? 0) === 0)
    throw new CommandError(
      'input-empty',
      `${options.in} has no sound: give a WAV file with samples.`,
      EXIT.usage,
    );
  const trace = orEnd(parseTrace(read(options.trace).toString('utf8')), EXIT.usage);
  const twoSided = options.twoSided === true;
  const blend = options.mixture ? orEnd(decodeBlend(read(options.mixture)), EXIT.usage).weights : undefined;
  const heard = concealChannels(channels, trace, { sampleRateHz, packetFrames, twoSided, blend });
  write(options.out, encodeWav({ sampleRateHz, channels: heard }, { bitsPerSample: 24 }));
  const packets = Math.ceil((channels[0]?.length ?? 0) / packetFrames);
  if (trace.length !== packets) context.stderr.write(`${noteOf(trace.length, packets)}\n`);
  const lost = trace.subarray(0, packets).reduce((sum, digit) => sum + digit, 0);
  const report = {
    packets,
    lost,
    tracePackets: trace.length,
    nmseDb: nmseDb(channels, heard, trace, packetFrames),
    out: options.out,
  };
  print(
    context,
    options.json,
    report,
    () => `${lost} of ${packets} packets concealed${errorText(report.nmseDb)}, written to ${options.out}`,
  );
}

function errorText(nmseDb: number | null): string {
  return nmseDb === null ? '' : `, error ${nmseDb.toFixed(2)} dB against what was sent there`;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new CommandError(
      'input-unreadable',
      `Cannot read ${file}: does it exist, and may you read it?`,
      EXIT.usage,
    );
  }
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch {
    throw new CommandError('output-unwritable', `Cannot write ${file}: does its folder exist?`, EXIT.failed);
  }
}

function noteOf(tracePackets: number, packets: number): string {
  return tracePackets < packets
    ? `The trace names ${tracePackets} of ${packets} packets: the others count as arrived.`
    : `The trace names ${tracePackets} packets, the sound has ${packets}: the rest of the trace is left out.`;
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
