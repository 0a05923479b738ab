import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '@jamnet/base';
import { contentHash, decodeWav } from '@jamnet/jdat';
import type { TakeVariant } from '../live/studio-state.ts';
import { readTake } from '../takes/read-take.ts';
import { repairExcerpts } from '../takes/repair-excerpts.ts';
import type { TakeStore } from '../takes/take-store.ts';
import { readUnrepaired } from '../takes/unrepaired.ts';

export const SHELF_LIMITS = {
  /** Longer takes are left out: each is read whole while others wait. */
  takeSeconds: 600,
  /** Clips that are offered at a time, of the takes that come first in the order of their ids. */
  clips: 2_000,
  /** Sounds that stay in memory: at most 2 s in four versions, 1.5 MB each at 48 kHz. */
  soundsKept: 16,
} as const;
type ShelfLimits = { readonly [Name in keyof typeof SHELF_LIMITS]: number };

/** An excerpt of a repaired take that may be judged. */
export interface Clip {
  /** 32 hex digits. */
  readonly id: string;
  readonly take: string;
  readonly atSample: number;
  readonly frames: number;
  readonly sampleRateHz: number;
  /** Subjects of the contributions that made it: the playing, and the work on it. */
  readonly subjects: readonly string[];
}

/** Versions of an excerpt: as sent, as heard (concealed live), as repaired by hosts, and with nothing where nothing arrived. */
export type ClipVersion = TakeVariant | 'unrepaired';
export type ClipSound = Readonly<Record<ClipVersion, Float32Array>>;

interface ReadTake {
  /** When the repair was written: a new one is read anew. */
  readonly writtenMs: number;
  readonly clips: readonly Clip[];
}

/** The excerpts of all repaired takes whose players let strangers hear up to two seconds of them. */
export class ClipShelf {
  readonly #takes: TakeStore;
  readonly #limits: ShelfLimits;
  readonly #read = new Map<string, ReadTake>();
  readonly #sounds = new Map<string, ClipSound>();

  constructor(takes: TakeStore, limits: ShelfLimits = SHELF_LIMITS) {
    this.#takes = takes;
    this.#limits = limits;
  }

  list(): readonly Clip[] {
    const clips: Clip[] = [];
    const known = new Set<string>();
    for (const view of this.#takes.views()) {
      if (view.seconds > this.#limits.takeSeconds || !view.variants.includes('repaired')) continue;
      known.add(view.id);
      clips.push(...this.#clipsOf(view.id, view.sampleRateHz));
      if (clips.length >= this.#limits.clips) break;
    }
    for (const take of this.#read.keys()) if (!known.has(take)) this.#read.delete(take);
    return clips.slice(0, this.#limits.clips);
  }

  /** `null`: its take is gone. */
  find(id: string): Clip | null {
    return this.list().find((clip) => clip.id === id) ?? null;
  }

  sound(clip: Clip): ClipSound {
    const kept = this.#sounds.get(clip.id);
    if (kept) return kept;
    const { samples } = readUnrepaired(this.#takes, clip.take);
    const cut = (signal: Float32Array) => signal.slice(clip.atSample, clip.atSample + clip.frames);
    const version = (variant: TakeVariant) => cut(readVariant(this.#takes, clip.take, variant));
    const sound = {
      sent: version('sent'),
      heard: version('heard'),
      repaired: version('repaired'),
      unrepaired: cut(samples),
    };
    const oldest = this.#sounds.keys().next();
    if (this.#sounds.size >= this.#limits.soundsKept && oldest.done !== true)
      this.#sounds.delete(oldest.value);
    this.#sounds.set(clip.id, sound);
    return sound;
  }

  #clipsOf(take: string, sampleRateHz: number): readonly Clip[] {
    const file = present(this.#takes.wavFile(take, 'repaired'), `repaired sound of take ${take}`);
    const writtenMs = statSync(file).mtimeMs;
    const known = this.#read.get(take);
    if (known?.writtenMs === writtenMs) return known.clips;
    for (const { id } of known?.clips ?? []) this.#sounds.delete(id);
    const clips = readClips(this.#takes, take, sampleRateHz);
    this.#read.set(take, { writtenMs, clips });
    return clips;
  }
}

function readClips(takes: TakeStore, take: string, sampleRateHz: number): Clip[] {
  const { take: heard, samples, holes } = readUnrepaired(takes, take);
  if (!heard.header.consent.strangers) return [];
  const sent = readTake(join(present(takes.folder(take), `take ${take}`), 'sent.jdat'));
  const subjects = [contentHash(sent), take];
  return repairExcerpts(holes, samples.length, sampleRateHz).map(({ atSample, frames }) => ({
    id: createHash('sha256').update(`${take}/${atSample}`).digest('hex').slice(0, 32),
    take,
    atSample,
    frames,
    sampleRateHz,
    subjects,
  }));
}

function readVariant(takes: TakeStore, take: string, variant: TakeVariant): Float32Array {
  const file = present(takes.wavFile(take, variant), `${variant} sound of take ${take}`);
  const wav = decodeWav(readFileSync(file));
  return present(wav.ok ? wav.value.channels[0] : undefined, `${variant} sound of take ${take}`);
}
