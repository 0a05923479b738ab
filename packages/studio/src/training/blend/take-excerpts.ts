import { createReadStream } from 'node:fs';
import { Failure } from '@jamnet/base';
import { LineSplitter, MULTITRACK_LIMITS, MultitrackReader, type TrackState } from '@jamnet/jdat';
import type { TakeArchive } from '../../takes/take-archive.ts';
import type { RevokedTakes } from '../revoked-takes.ts';
import { isHeldOut } from '../training-set.ts';
import { EXCERPT_SECONDS, type Excerpt, excerptsSha256, ROUND_EXCERPTS_MAX } from './excerpt.ts';

/** Pieces of one player's sound in one take. */
export interface TakeExcerpts {
  readonly take: string;
  readonly player: string;
  readonly use: 'train' | 'held-out';
  readonly strangers: boolean;
  readonly excerpts: readonly Excerpt[];
}

/** Of one track: spread over it, so that a long take is more than its beginning. */
export const TRACK_EXCERPTS = 4;
/** Of one player in the set, an eighth of what a round takes: nobody alone decides what is learnt or measured. */
export const PLAYER_EXCERPTS_MAX = ROUND_EXCERPTS_MAX / 8;
/** Rates that a room's concealment is trained at; others are left out. */
const RATE_HZ = { least: 8000, most: 48_000 } as const;

/**
 * What may be learnt from now: sound as it was sent, of players who agreed to training when they played and have not taken it
 * back. One track in eight, by its own sound and a secret of the studio and so for ever, is held out.
 */
export async function takeExcerpts(
  archive: TakeArchive,
  revoked: RevokedTakes,
  secret: Uint8Array,
): Promise<TakeExcerpts[]> {
  const found: TakeExcerpts[] = [];
  const seen = new Set<string>();
  const ofPlayer = new Map<string, number>();
  let count = 0;
  for (const id of archive.list()) {
    const file = archive.file(id);
    if (file === null) continue;
    const { tracks, rateHz } = await mayTrain(file, id, revoked);
    if (tracks.length === 0 || rateHz < RATE_HZ.least || rateHz > RATE_HZ.most) continue;
    for (const [track, excerpts] of await piecesOf(file, tracks, rateHz)) {
      const { from: player, consent } = track.track;
      const sha256 = excerptsSha256(excerpts);
      const has = (ofPlayer.get(player) ?? 0) + excerpts.length;
      if (seen.has(sha256) || has > PLAYER_EXCERPTS_MAX || count + excerpts.length > ROUND_EXCERPTS_MAX)
        continue;
      seen.add(sha256);
      ofPlayer.set(player, has);
      count += excerpts.length;
      const use = isHeldOut(sha256, secret) ? 'held-out' : 'train';
      found.push({ take: id, player, use, strangers: consent.strangers, excerpts });
    }
  }
  return found;
}

/** Sent tracks whose players agreed and that have sound for a piece. */
async function mayTrain(
  file: string,
  id: string,
  revoked: RevokedTakes,
): Promise<{ readonly tracks: readonly TrackState[]; readonly rateHz: number }> {
  const reader = new MultitrackReader({ sound: false });
  await readLines(file, reader, () => {});
  const rateHz = reader.state?.header.sampleRateHz ?? 0;
  const tracks = (reader.state?.tracks ?? []).filter(
    ({ track: { role, consent, from }, audioFrom, audioEnd }) =>
      role === 'sent' &&
      consent.train &&
      consent.record &&
      !revoked.has(id, from) &&
      audioFrom >= 0 &&
      audioEnd - audioFrom >= EXCERPT_SECONDS * rateHz,
  );
  return { tracks, rateHz };
}

/** Places are chosen from the first reading, so that the second keeps the pieces alone and never a whole take. */
async function piecesOf(
  file: string,
  tracks: readonly TrackState[],
  rateHz: number,
): Promise<[TrackState, Excerpt[]][]> {
  const frames = EXCERPT_SECONDS * rateHz;
  const places = new Map(
    tracks.map((state) => {
      const length = state.audioEnd - state.audioFrom;
      const pieces = Math.min(TRACK_EXCERPTS, Math.floor(length / frames));
      const starts = Array.from(
        { length: pieces },
        (_, n) => state.audioFrom + Math.floor(((n + 0.5) * length) / pieces - frames / 2),
      );
      return [state.track.track, starts.map((from) => ({ from, pcm: new Int16Array(frames) }))];
    }),
  );
  const reader = new MultitrackReader({ sound: true });
  await readLines(file, reader, ({ track, atSample, samples }) => {
    const bits = tracks.find((state) => state.track.track === track)?.track.bits ?? 16;
    for (const { from, pcm } of places.get(track) ?? [])
      for (let at = Math.max(from, atSample); at < Math.min(from + frames, atSample + samples.length); at++)
        pcm[at - from] = Math.trunc((samples[at - atSample] ?? 0) / 2 ** (bits - 16));
  });
  return tracks.map((state) => [
    state,
    (places.get(state.track.track) ?? []).map(({ pcm }) => ({ rateHz, pcm })),
  ]);
}

interface Sound {
  readonly track: number;
  readonly atSample: number;
  readonly samples: Int32Array;
}

async function readLines(
  file: string,
  reader: MultitrackReader,
  onSound: (sound: Sound) => void,
): Promise<void> {
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  for await (const piece of createReadStream(file))
    for (const line of splitter.push(piece)) {
      const answer = reader.line(line);
      if (!answer.ok) throw new Failure(answer.code, `${file}: ${answer.message}`);
      const record = answer.value;
      if (record !== null && 'type' in record && record.type === 'audio' && record.samples !== null)
        onSound({ ...record, samples: record.samples });
    }
}
