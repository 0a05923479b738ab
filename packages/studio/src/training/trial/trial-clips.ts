import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { writeWhole } from '../../config/write-whole.ts';

/** Whose playing a clip is; `null`: it came from a file of the operator. */
export interface ClipSource {
  readonly take: string;
  readonly player: string;
}

/** An excerpt in two versions. Open: as the candidate has it, and as the released model has; planted: as it was played, and spoilt. */
export interface TrialClip {
  /** 32 hex digits that say nothing. */
  readonly id: string;
  readonly isPlant: boolean;
  readonly sampleRateHz: number;
  readonly frames: number;
  readonly source: ClipSource | null;
}

export interface ClipVersions {
  /** The candidate's, or the right one. */
  readonly inQuestion: Float32Array;
  readonly other: Float32Array;
}

const LIST = 'clips.json';
const VERSIONS = ['inQuestion', 'other'] as const;

/** The clips of the one candidate that waits, as files: they outlive restarts, and go when it is decided or a player takes the consent back. */
export class TrialClips {
  readonly #folder: string;
  #clips: readonly TrialClip[] | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): readonly TrialClip[] {
    this.#clips ??= this.#read();
    return this.#clips;
  }

  /** Written by whoever renders; the list names only what is there whole. */
  add(clips: readonly (TrialClip & ClipVersions)[]): void {
    for (const { id, inQuestion, other } of clips)
      for (const [version, samples] of [
        ['inQuestion', inQuestion],
        ['other', other],
      ] as const)
        writeWhole(this.#file(id, version), bytesOf(samples), 0o600);
    const rows = clips.map(({ id, isPlant, sampleRateHz, frames, source }) => ({
      id,
      isPlant,
      sampleRateHz,
      frames,
      source,
    }));
    this.#write([...this.list(), ...rows]);
  }

  versions({ id }: TrialClip): ClipVersions {
    const [inQuestion, other] = VERSIONS.map((version) => samplesOf(readFileSync(this.#file(id, version))));
    if (inQuestion && other) return { inQuestion, other };
    throw new Failure('clip-gone', `The sound of clip ${id} is gone.`);
  }

  /** Of a player who took the consent back nothing is heard any more; answers how many clips that were. */
  remove({ take, player }: ClipSource): number {
    const gone = this.list().filter(({ source }) => source?.take === take && source.player === player);
    if (gone.length === 0) return 0;
    this.#write(this.list().filter((clip) => !gone.includes(clip)));
    for (const { id } of gone)
      for (const version of VERSIONS) rmSync(this.#file(id, version), { force: true });
    return gone.length;
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#clips = null;
  }

  #write(clips: readonly TrialClip[]): void {
    writeWhole(join(this.#folder, LIST), JSON.stringify(clips), 0o600);
    this.#clips = clips;
  }

  #read(): readonly TrialClip[] {
    const file = join(this.#folder, LIST);
    // Written by this class, whole.
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TrialClip[]) : [];
  }

  #file(id: string, version: (typeof VERSIONS)[number]): string {
    return join(this.#folder, `${id}.${version}.pcm`);
  }
}

/** Little-endian 16 bit. */
function bytesOf(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(2 * samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round(32_767 * Math.max(-1, Math.min(1, samples[i] ?? 0)));
    bytes.writeInt16LE(value, 2 * i);
  }
  return bytes;
}

function samplesOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i) / 32_767);
}
