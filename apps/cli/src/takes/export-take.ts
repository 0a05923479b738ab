import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WavFile } from '@jamnet/jambox/takes';
import { FlacEncoder, type MultitrackState, type SampleBits, type TrackRecord } from '@jamnet/jdat';
import { readTake } from './take-summary.ts';

export interface ExportOptions {
  readonly format: 'wav' | 'flac';
  /** Tracks to write; all when empty. */
  readonly tracks: readonly number[];
  /** One file with the sum of the tracks, clipped at full scale, in place of one each. */
  readonly mix: boolean;
  /** Holes as the ear had them instead of silence. */
  readonly asHeard: boolean;
  readonly directory: string;
  readonly onProgress: (share: number) => void;
}

export interface ExportedFile {
  readonly file: string;
  readonly frames: number;
  readonly bits: SampleBits;
}

/** Samples moved at once. */
const BLOCK_FRAMES = 1 << 16;

/**
 * Writes tracks as files that all begin at the take's first sound, so that they lie beside each other in any program. Sound waits on
 * disk as 32-bit integers in its place; none of it is held in memory. 64 tracks of 24 bits cannot overflow 32.
 */
export function exportTake(file: string, state: MultitrackState, options: ExportOptions): ExportedFile[] {
  const chosen = state.tracks
    .map(({ track }) => track)
    .filter(({ track }) => options.tracks.length === 0 || options.tracks.includes(track));
  const bits: SampleBits = chosen.some((track) => track.bits === 24) ? 24 : 16;
  const outputs = options.mix
    ? [{ name: 'mix', bits, tracks: chosen }]
    : chosen.map((track) => ({ name: trackName(track), bits: track.bits, tracks: [track] }));
  const sheets = new Map(
    chosen.map(({ track }) => [track, new SampleSheet(join(options.directory, `.track-${track}.part`))]),
  );
  try {
    const frames = Math.max(0, state.toSample - state.fromSample);
    let seen = 0;
    readTake(file, true, (record) => {
      if (record.type !== 'audio' && record.type !== 'fill') return;
      seen += record.frames;
      options.onProgress(Math.min(1, seen / Math.max(1, frames * state.tracks.length)));
      if (record.samples === null || (record.type === 'fill' && !options.asHeard)) return;
      // Where sound came too late for the ear, a fill stands behind it in the file and takes its place.
      sheets.get(record.track)?.put(record.atSample - state.fromSample, record.samples);
    });
    return outputs.map(({ name, bits: width, tracks }) => {
      const target = join(options.directory, `${name}.${options.format}`);
      const format = { sampleRateHz: state.header.sampleRateHz, bits: width };
      const parts = tracks.flatMap((track): Part[] => {
        const sheet = sheets.get(track.track);
        return sheet === undefined ? [] : [{ sheet, scale: 2 ** (width - track.bits) }];
      });
      if (options.format === 'wav') writeWav(target, format, parts, frames);
      else writeFlac(target, format, parts, frames);
      return { file: target, frames, bits: width };
    });
  } finally {
    for (const sheet of sheets.values()) sheet.remove();
  }
}

/** Letters, digits and a few signs: names come from a file. */
function trackName({ track, role, from, player }: TrackRecord): string {
  const whose = role === 'heard' ? `${from}-heard-by-${player}` : `${from}-${role}`;
  return `${String(track).padStart(2, '0')}-${whose.replace(/[^\p{L}\p{N}._-]/gu, '_')}`;
}

/** Integer samples by place, on disk; silence where nothing was put. */
class SampleSheet {
  readonly #file: string;
  readonly #handle: number;

  constructor(file: string) {
    this.#file = file;
    this.#handle = openSync(file, 'w+');
  }

  put(at: number, samples: Int32Array): void {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#handle, bytes, done, bytes.length - done, 4 * at + done);
  }

  read(at: number, frames: number): Int32Array {
    const samples = new Int32Array(frames);
    const bytes = new Uint8Array(samples.buffer);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#handle, bytes, done, bytes.length - done, 4 * at + done);
      if (count === 0) break;
      done += count;
    }
    return samples;
  }

  remove(): void {
    closeSync(this.#handle);
    rmSync(this.#file, { force: true });
  }
}

interface Format {
  readonly sampleRateHz: number;
  readonly bits: SampleBits;
}

/** A track in an output, and by how much its samples grow there. */
interface Part {
  readonly sheet: SampleSheet;
  readonly scale: number;
}

/** The sum of the parts, clipped at full scale. */
function* blocksOf(parts: readonly Part[], frames: number, bits: SampleBits): Iterable<Int32Array> {
  const most = 2 ** (bits - 1) - 1;
  for (let at = 0; at < frames; at += BLOCK_FRAMES) {
    const sum = new Int32Array(Math.min(BLOCK_FRAMES, frames - at));
    for (const { sheet, scale } of parts) {
      const block = sheet.read(at, sum.length);
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (block[i] ?? 0) * scale;
    }
    for (let i = 0; i < sum.length; i++) sum[i] = Math.max(-most - 1, Math.min(most, sum[i] ?? 0));
    yield sum;
  }
}

function writeWav(target: string, format: Format, parts: readonly Part[], frames: number): void {
  const wav = new WavFile(target, format);
  for (const block of blocksOf(parts, frames, format.bits)) wav.write(block);
  wav.close(frames);
}

function writeFlac(target: string, format: Format, parts: readonly Part[], frames: number): void {
  const encoder = new FlacEncoder(format);
  const handle = openSync(target, 'w');
  try {
    writeSync(handle, encoder.header());
    for (const block of blocksOf(parts, frames, format.bits))
      for (const frame of encoder.add(block)) writeSync(handle, frame);
    for (const frame of encoder.end()) writeSync(handle, frame);
    writeSync(handle, encoder.header(), 0, null, 0);
  } finally {
    closeSync(handle);
  }
}
