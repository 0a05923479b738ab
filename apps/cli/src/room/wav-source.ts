import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { resample } from '@jamnet/pnbtr';
import { orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { PlaySource } from './join-and-play.ts';

const ROOM_RATE_HZ = 48_000;

/** A WAV file of any rate and number of channels as a source for the room, written into `scratch`; nothing without one. */
export function wavSource(wav: string | undefined, scratch: string): PlaySource {
  if (wav === undefined) return {};
  const inputWav = join(scratch, 'input.wav');
  writeFileSync(inputWav, roomWav(wav));
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
function roomWav(file: string): Uint8Array {
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
  const { sampleRateHz, channels } = orEnd(decodeWav(bytes), EXIT.usage);
  const mono = Float32Array.from(
    channels[0] ?? [],
    (_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length,
  );
  const samples = sampleRateHz === ROOM_RATE_HZ ? mono : resample(mono, sampleRateHz, ROOM_RATE_HZ);
  return encodeWav({ sampleRateHz: ROOM_RATE_HZ, channels: [samples] }, { bitsPerSample: 24 });
}
