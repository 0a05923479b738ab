import { MultitrackReader, type SoundPlace, type TrackState } from '@jamnet/jdat';
import { type Hole, type RepairExcerpt, repairExcerpts } from '../repair-excerpts.ts';
import { takeRecords } from '../take-lines.ts';

/** Holes of one track that are looked at; what has more was hardly a connection. */
const HOLES_PER_TRACK_MAX = 16_384;

/** An excerpt of a heard track, in samples of the room's timeline; its holes count from its first sample. */
export interface TakeExcerpt extends RepairExcerpt {
  readonly track: number;
  readonly bits: number;
  readonly sampleRateHz: number;
  /** Whether hosts of strangers may hear it. */
  readonly isForStrangers: boolean;
}

/**
 * What of a take hosts can mend: stretches of heard tracks of which no copy ever came, with the sound around them. In the order of the
 * tracks and of time.
 */
export async function excerptsOfTake(file: string): Promise<TakeExcerpt[]> {
  const reader = new MultitrackReader({ sound: false });
  const holes = new Map<number, Hole[]>();
  const ends = new Map<number, number>();
  for await (const record of takeRecords(file, reader)) {
    if (record.type !== 'audio') continue;
    const { track, atSample, frames } = record;
    const end = ends.get(track) ?? atSample;
    const known = holes.get(track) ?? [];
    if (atSample > end && known.length < HOLES_PER_TRACK_MAX)
      known.push({ atSample: end, frames: atSample - end });
    holes.set(track, known);
    ends.set(track, atSample + frames);
  }
  const rateHz = reader.state?.header.sampleRateHz ?? 0;
  const heard = (reader.state?.tracks ?? []).filter(({ track }) => track.role === 'heard');
  return heard.flatMap((state) => excerptsOfTrack(state, holes.get(state.track.track) ?? [], rateHz));
}

function excerptsOfTrack(
  { track, audioFrom, audioEnd }: TrackState,
  holes: readonly Hole[],
  sampleRateHz: number,
): TakeExcerpt[] {
  const fromStart = holes.map(({ atSample, frames }) => ({ atSample: atSample - audioFrom, frames }));
  return repairExcerpts(fromStart, audioEnd - audioFrom, sampleRateHz).map((excerpt) => ({
    ...excerpt,
    atSample: audioFrom + excerpt.atSample,
    track: track.track,
    bits: track.bits,
    sampleRateHz,
    isForStrangers: track.consent.strangers,
  }));
}

/** An excerpt and its sound as 16-bit integers, silent in its holes. */
export interface SoundingExcerpt {
  readonly excerpt: TakeExcerpt;
  readonly pcm: Int16Array;
}

/** The excerpts' sound, each once all of it was read; no more of the take is decoded than they show. */
export async function* soundOfExcerpts(
  file: string,
  excerpts: readonly TakeExcerpt[],
): AsyncGenerator<SoundingExcerpt> {
  const waiting = new Map<number, TakeExcerpt[]>();
  for (const excerpt of excerpts)
    waiting.set(excerpt.track, [...(waiting.get(excerpt.track) ?? []), excerpt]);
  const begun = new Map<TakeExcerpt, Int16Array>();
  const isWanted = ({ type, ...place }: SoundPlace): boolean =>
    type === 'audio' && !overlapped(waiting.get(place.track), place).next().done;
  const reader = new MultitrackReader({ sound: isWanted });
  for await (const record of takeRecords(file, reader)) {
    if (record.type !== 'audio') continue;
    const list = waiting.get(record.track) ?? [];
    const { samples } = record;
    if (samples !== null)
      for (const excerpt of overlapped(list, record)) {
        const pcm = begun.get(excerpt) ?? new Int16Array(excerpt.frames);
        begun.set(excerpt, pcm);
        copy(samples, record.atSample, excerpt, pcm);
      }
    const end = record.atSample + record.frames;
    for (let next = list[0]; next !== undefined && next.atSample + next.frames <= end; next = list[0]) {
      list.shift();
      const pcm = begun.get(next);
      begun.delete(next);
      if (pcm !== undefined) yield { excerpt: next, pcm };
    }
  }
}

/** Those that a piece of sound touches, in order; neighbours may share the sound between them. */
function* overlapped(
  excerpts: readonly TakeExcerpt[] = [],
  { atSample, frames }: Pick<SoundPlace, 'atSample' | 'frames'>,
): Generator<TakeExcerpt> {
  for (const excerpt of excerpts) {
    if (excerpt.atSample >= atSample + frames) return;
    if (excerpt.atSample + excerpt.frames > atSample) yield excerpt;
  }
}

function copy(
  samples: Int32Array,
  from: number,
  { atSample, frames, bits }: TakeExcerpt,
  pcm: Int16Array,
): void {
  const scale = 2 ** (16 - bits);
  const end = Math.min(from + samples.length, atSample + frames);
  for (let at = Math.max(from, atSample); at < end; at++) {
    const value = Math.round((samples[at - from] ?? 0) * scale);
    pcm[at - atSample] = Math.max(-32_768, Math.min(32_767, value));
  }
}
