import { ok, present, type Result } from '@jamnet/base';
import {
  FlacEncoder,
  integerBytes,
  integersOfBytes,
  type MultitrackCode,
  type SampleBits,
  wavHeader,
} from '@jamnet/jdat';
import { type ByteFile, readFull, writeFull } from './byte-file.ts';
import { readTake } from './open-take.ts';

/** Samples moved at once. */
const BLOCK_FRAMES = 1 << 16;
/** Runs of sound that are kept in mind, so that a fill, which stands close behind them, never covers what came. */
const RUNS_KEPT = 2_048;

export interface TrackFormat {
  readonly frames: number;
  readonly bits: SampleBits;
  readonly sampleRateHz: number;
}

/**
 * Writes one track as WAV from the take's first sound to its last, so that all tracks lie beside each other in any program: what
 * came as it was sent, and where nothing came what filled the hole. Sound is written in its place; none of it stays in memory.
 */
export function writeTrackWav(
  take: ByteFile,
  track: number,
  out: ByteFile,
  onShare: (share: number) => void,
): Result<TrackFormat, MultitrackCode> {
  const places = readTake(take, { sound: false });
  if (!places.ok) return places;
  const { fromSample, toSample, tracks, header } = places.value.state;
  const { bits } = present(tracks[track], 'a track of the take').track;
  const { sampleRateHz } = header;
  const frames = Math.max(0, toSample - fromSample);
  const head = wavHeader({ sampleRateHz, channels: 1, bitsPerSample: bits, frames });
  out.truncate(0);
  writeFull(out, head, 0);
  const put = (atSample: number, samples: Int32Array): void =>
    writeFull(out, integerBytes(samples, bits), head.length + ((atSample - fromSample) * bits) / 8);
  const came: { from: number; to: number }[] = [];
  const read = readTake(
    take,
    { sound: true },
    (record) => {
      if ((record.type !== 'audio' && record.type !== 'fill') || record.track !== track) return;
      const { atSample, samples } = record;
      if (samples === null) return;
      if (record.type === 'audio') {
        put(atSample, samples);
        came.push({ from: atSample, to: atSample + samples.length });
        if (came.length > RUNS_KEPT) came.shift();
      } else
        for (const [from, to] of uncovered(atSample, atSample + samples.length, came))
          put(from, samples.subarray(from - atSample, to - atSample));
    },
    onShare,
  );
  if (!read.ok) return read;
  // The last samples, and the byte that makes the chunk even, may be holes.
  const dataBytes = (frames * bits) / 8;
  if (out.getSize() < head.length + dataBytes + (dataBytes & 1))
    out.truncate(head.length + dataBytes + (dataBytes & 1));
  return ok({ frames, bits, sampleRateHz });
}

/** The parts of [from, to) that no run covers; runs in order of place. */
function* uncovered(
  from: number,
  to: number,
  runs: readonly { readonly from: number; readonly to: number }[],
): Iterable<readonly [number, number]> {
  let at = from;
  for (const run of runs) {
    if (run.to <= at || run.from >= to) continue;
    if (run.from > at) yield [at, run.from];
    at = run.to;
  }
  if (at < to) yield [at, to];
}

/** Packs a WAV file of {@link writeTrackWav} as FLAC. */
export function packFlac(wav: ByteFile, { frames, bits, sampleRateHz }: TrackFormat, out: ByteFile): void {
  const encoder = new FlacEncoder({ bits, sampleRateHz });
  const headBytes = wavHeader({ sampleRateHz, channels: 1, bitsPerSample: bits, frames }).length;
  out.truncate(0);
  let atByte = 0;
  const put = (bytes: Uint8Array): void => {
    writeFull(out, bytes, atByte);
    atByte += bytes.length;
  };
  put(encoder.header());
  for (let at = 0; at < frames; at += BLOCK_FRAMES) {
    const bytes = new Uint8Array((Math.min(BLOCK_FRAMES, frames - at) * bits) / 8);
    readFull(wav, bytes, headBytes + (at * bits) / 8);
    for (const frame of encoder.add(integersOfBytes(bytes, bits))) put(frame);
  }
  for (const frame of encoder.end()) put(frame);
  writeFull(out, encoder.header(), 0);
}
