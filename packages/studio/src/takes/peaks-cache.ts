import { readFileSync, statSync } from 'node:fs';
import { ok, type Result } from '@jamnet/base';
import { decodeWav } from '@jamnet/jdat';
import { peaksOf } from './peaks.ts';

/** Drawings kept: ten takes of a studio in three versions and a few widths; each is some 20 kB at the page's width. */
export const PEAKS_KEPT_MAX = 128;

/** What a waveform shows of a file. */
export interface WavPeaks {
  readonly sampleRateHz: number;
  readonly frames: number;
  readonly peaks: readonly number[];
}

/**
 * Drawings of WAV files, so that a page that asks again does not have the whole file decoded again. A file that was written anew, seen by
 * its inode, length and times, is another content. The one not asked for longest is forgotten first.
 */
export class PeaksCache {
  readonly #kept = new Map<string, WavPeaks>();
  /** Files decoded so far. */
  decoded = 0;

  get size(): number {
    return this.#kept.size;
  }

  of(file: string, buckets: number): Result<WavPeaks> {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const name = `${file}\n${ino} ${size} ${mtimeNs} ${ctimeNs} ${buckets}`;
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#keep(name, known);
      return ok(known);
    }
    const wav = decodeWav(readFileSync(file));
    if (!wav.ok) return wav;
    this.decoded++;
    const samples = wav.value.channels[0] ?? new Float32Array(0);
    const made = {
      sampleRateHz: wav.value.sampleRateHz,
      frames: samples.length,
      peaks: peaksOf(samples, buckets),
    };
    this.#keep(name, made);
    return ok(made);
  }

  #keep(name: string, peaks: WavPeaks): void {
    this.#kept.delete(name);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= PEAKS_KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(name, peaks);
  }
}
