import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { TakeFile } from '@jamnet/jambox/takes';
import { decodeFlac, decodeWav, type SampleBits, type TakeConsent, toIntegers } from '@jamnet/jdat';
import { orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { fileFault } from './file-fault.ts';

/** One sound file as whole numbers. */
interface ImportedSound {
  readonly name: string;
  readonly sampleRateHz: number;
  readonly bits: SampleBits;
  readonly channels: readonly Int32Array[];
}

export interface ImportOptions {
  readonly out: string;
  readonly room: string;
  readonly consent: TakeConsent;
  readonly startedAtUs: bigint;
  readonly onProgress: (share: number) => void;
}

/** Makes a take of sound files that begin together: one track for each channel. One file at a time is held in memory. */
export function importTake(files: readonly string[], options: ImportOptions): void {
  let take: TakeFile | null = null;
  for (const [i, file] of files.entries()) {
    const sound = readSound(file);
    take ??= createTake(options, sound.sampleRateHz);
    if (sound.sampleRateHz !== take.writer.state.header.sampleRateHz)
      throw new CommandError(
        'rates-differ',
        `${file} has ${sound.sampleRateHz} Hz, the files before it ${take.writer.state.header.sampleRateHz}: convert it first.`,
        EXIT.usage,
      );
    for (const [c, channel] of sound.channels.entries()) {
      const from = sound.channels.length === 1 ? sound.name : `${sound.name}-${c + 1}`;
      const place = { bits: sound.bits, packetFrames: 1, firstSample: 0, consent: options.consent };
      const track = take.writer.track({ player: from, role: 'imported', from, ...place });
      const hadRoom = track >= 0 && take.writer.state.tracks[track]?.audioFrames === 0;
      if (!hadRoom)
        throw new CommandError(
          'import-refused',
          `${file}: its name is taken by a file before it, or the take is full.`,
          EXIT.usage,
        );
      take.writer.sound('audio', track, 0, channel);
    }
    if (take.writer.refused > 0)
      throw new CommandError('import-refused', `${file} is longer than a take may be: cut it.`, EXIT.usage);
    options.onProgress((i + 1) / files.length);
  }
  take?.finish();
}

function createTake({ out, room, startedAtUs }: ImportOptions, sampleRateHz: number): TakeFile {
  try {
    return TakeFile.create(out, { jdat: 2, room, recorder: 'import', sampleRateHz, startedAtUs });
  } catch (cause) {
    throw fileFault(out, 'be begun', cause);
  }
}

function readSound(file: string): ImportedSound {
  const bytes = readBytes(file);
  const name = basename(file, extname(file)).slice(0, 100);
  return bytes.subarray(0, 4).toString('latin1') === 'fLaC'
    ? readFlac(bytes, name)
    : readWav(file, bytes, name);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw fileFault(file, 'be read', cause);
  }
}

function readFlac(bytes: Buffer, name: string): ImportedSound {
  const blocks: (readonly Int32Array[])[] = [];
  const { sampleRateHz, bits, channels, frames } = orEnd(
    decodeFlac(bytes, (block) => blocks.push(block)),
    EXIT.usage,
  );
  const joined = Array.from({ length: channels }, (_, c) => {
    const channel = new Int32Array(frames);
    let at = 0;
    for (const block of blocks) {
      channel.set(block[c] ?? [], at);
      at += block[c]?.length ?? 0;
    }
    return channel;
  });
  return { name, sampleRateHz, bits, channels: joined };
}

/** Widths other than 16 and 24 bits are kept in 24 where that loses nothing. */
function readWav(file: string, bytes: Buffer, name: string): ImportedSound {
  const { sampleRateHz, channels, bits: width } = orEnd(decodeWav(bytes), EXIT.usage);
  const bits = width === 16 ? 16 : 24;
  const scale = 2 ** (bits - 1);
  const isExact = channels.every((channel) =>
    channel.every((sample) => Number.isInteger(sample * scale) && sample >= -1 && sample < 1),
  );
  if (!isExact)
    throw new CommandError(
      'import-lossy',
      `${file} holds more than 24 bits: convert it to 24 first.`,
      EXIT.usage,
    );
  return { name, sampleRateHz, bits, channels: channels.map((channel) => toIntegers(channel, bits)) };
}
