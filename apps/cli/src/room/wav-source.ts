import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { resample } from '@jamnet/pnbtr';
import { type CommandContext, orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { PlaySource } from './join-and-play.ts';

const ROOM_RATE_HZ = 48_000;

/**
 * A WAV file of any rate and number of channels as a source for the room, written into `scratch`; nothing without one. A file that
 * is cut short is played as far as it goes, and stderr says so.
 */
export function wavSource(
  { stderr }: Pick<CommandContext, 'stderr'>,
  wav: string | undefined,
  scratch: string,
): PlaySource {
  if (wav === undefined) return {};
  const inputWav = join(scratch, 'input.wav');
  writeFileSync(
    inputWav,
    roomWav(wav, (sentence) => stderr.write(`${sentence}\n`)),
  );
  return { inputWav };
}

/** A source that sends nothing: who only listens is a peer whose own stream is empty. */
export function silentSource(scratch: string): PlaySource {
  const inputWav = join(scratch, 'nothing.wav');
  const nothing = { sampleRateHz: ROOM_RATE_HZ, channels: [new Float32Array(0)] };
  writeFileSync(inputWav, encodeWav(nothing, { bitsPerSample: 16 }));
  return { inputWav, listens: true };
}

/** The file as the room wants it: one channel at 48 kHz, no coarser than it may be sent. */
function roomWav(file: string, warn: (sentence: string) => unknown): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandError(
      'input-unreadable',
      `Cannot read ${file}: give the path of a WAV file.`,
      EXIT.usage,
    );
  }
  const { sampleRateHz, channels, framesMissing } = orEnd(decodeWav(bytes), EXIT.usage);
  if ((channels[0] ?? []).length === 0)
    throw new CommandError(
      'wav-empty',
      `${file} holds no samples: give a recording, or sit in the room with "jamnet listen".`,
      EXIT.usage,
    );
  if (framesMissing > 0)
    warn(
      `${file} is cut short: ${(framesMissing / sampleRateHz).toFixed(1)} s that its header promises are missing. What is there is played.`,
    );
  const mono = Float32Array.from(
    channels[0] ?? [],
    (_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length,
  );
  const samples = sampleRateHz === ROOM_RATE_HZ ? mono : resample(mono, sampleRateHz, ROOM_RATE_HZ);
  return encodeWav({ sampleRateHz: ROOM_RATE_HZ, channels: [samples] }, { bitsPerSample: 24 });
}
