import { ok, present, type Result } from '@jamnet/base';
import type { LossRecord, MultitrackCode, MultitrackState, PacketFate, TrackRecord } from '@jamnet/jdat';
import type { ByteFile } from './byte-file.ts';
import { readTake } from './open-take.ts';

/** (min, max) pairs of a track's drawing. */
const BUCKETS = 1_200;
/** Stretches that are drawn; beyond them the counts alone tell. */
const GAPS_MAX = 5_000;

export interface PictureGap {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly fate: PacketFate;
}

export interface TrackPicture {
  readonly track: number;
  readonly role: TrackRecord['role'];
  readonly from: string;
  /** (min, max) pairs of equal parts of the take, full scale ±1. */
  readonly peaks: readonly number[];
  readonly gaps: readonly PictureGap[];
  /** Packets by what became of them. */
  readonly packets: Readonly<Record<PacketFate, number>>;
}

/** A take as it is drawn: all tracks from the first sound of any to the last. */
export interface TakePicture {
  readonly seconds: number;
  readonly tracks: readonly TrackPicture[];
}

/** Reads the take twice: where it begins and ends, then its sound. What filled a hole is drawn where nothing came. */
export function pictureOf(
  file: ByteFile,
  onShare: (share: number) => void,
): Result<TakePicture, MultitrackCode> {
  const gaps: PictureGap[][] = [];
  const places = readTake(file, { sound: false }, (record, state) => {
    if (record.type === 'track') gaps[record.track] = [];
    else if (record.type === 'span') noteGap(gaps[record.track], record, state);
  });
  if (!places.ok) return places;
  const { fromSample, toSample, header } = places.value.state;
  const frames = Math.max(1, toSample - fromSample);
  const peaks = gaps.map(() => new Float32Array(2 * BUCKETS));
  const read = readTake(
    file,
    { sound: true },
    (record) => {
      if ((record.type !== 'audio' && record.type !== 'fill') || record.samples === null) return;
      const { bits } = present(places.value.state.tracks[record.track], 'a track of the take').track;
      widen(peaks[record.track], record.samples, (record.atSample - fromSample) / frames, 1 / frames, bits);
    },
    onShare,
  );
  if (!read.ok) return read;
  const shift = fromSample / header.sampleRateHz;
  return ok({
    seconds: frames / header.sampleRateHz,
    tracks: read.value.state.tracks.map(({ track: { track, role, from }, packets }) => ({
      track,
      role,
      from,
      peaks: [...(peaks[track] ?? [])],
      gaps: (gaps[track] ?? []).map((gap) => ({
        fromSeconds: gap.fromSeconds - shift,
        toSeconds: gap.toSeconds - shift,
        fate: gap.fate,
      })),
      packets: { ...packets },
    })),
  });
}

/** In seconds of the room's timeline. */
function noteGap(
  gaps: PictureGap[] | undefined,
  span: LossRecord,
  { header, tracks }: MultitrackState,
): void {
  const track = tracks[span.track]?.track;
  if (gaps === undefined || track === undefined || gaps.length >= GAPS_MAX) return;
  const at = (packet: number): number =>
    (track.firstSample + packet * track.packetFrames) / header.sampleRateHz;
  gaps.push({
    fromSeconds: at(span.fromPacket),
    toSeconds: at(span.fromPacket + span.packets),
    fate: span.fate,
  });
}

/** Widens the (min, max) pairs by samples whose first lies at `place` of the whole, each `step` further. */
function widen(
  peaks: Float32Array | undefined,
  samples: Int32Array,
  place: number,
  step: number,
  bits: number,
): void {
  if (peaks === undefined) return;
  const scale = 1 / 2 ** (bits - 1);
  for (let i = 0; i < samples.length; i++) {
    const bucket = 2 * Math.min(BUCKETS - 1, Math.max(0, Math.floor((place + i * step) * BUCKETS)));
    const value = (samples[i] ?? 0) * scale;
    if (value < (peaks[bucket] ?? 0)) peaks[bucket] = value;
    if (value > (peaks[bucket + 1] ?? 0)) peaks[bucket + 1] = value;
  }
}
