import { createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Failure } from '@jamnet/base';
import { barsOfHits, type MidiPerformance, performancesSha256, ReplayGuard } from '@jamnet/groove';
import { type JmidRecord, LineSplitter, MULTITRACK_LIMITS, MultitrackReader } from '@jamnet/jdat';
import type { TakeArchive } from '../takes/take-archive.ts';
import type { RevokedTakes } from './revoked-takes.ts';
import { ROUND_STROKES_MAX } from './round-training.ts';
import { performanceOfTrack, type TrackPerformanceCode } from './track-performance.ts';

/** A track whose player lets others learn from it, or why it is not learnt from. */
export interface TrainingTake {
  /** Address of the take in the archive, and whose playing this is. */
  readonly take: string;
  readonly player: string;
  /** Of its strokes; stays in the record of every round it was in. */
  readonly performanceSha256: string;
  readonly use: 'train' | 'held-out';
  /** Whether hosts of any owner may see what is learnt from. */
  readonly strangers: boolean;
  readonly performance: MidiPerformance;
}

export interface TrainingSet {
  readonly takes: readonly TrainingTake[];
  /** How many tracks were left out, by reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

/** `no-consent` and `revoked`: the player's will; `repeated`: made from strokes that came before (see `ReplayGuard`); `too-short`: too little to tell that; `set-full`: more than a round takes; `player-full`: more of one player. */
export type LeftOut =
  | TrackPerformanceCode
  | 'no-consent'
  | 'revoked'
  | 'repeated'
  | 'too-short'
  | 'set-full'
  | 'player-full';

/** Strokes of one player in the set, an eighth of what a round takes: nobody alone decides what is learnt or measured. */
export const PLAYER_STROKES_MAX = ROUND_STROKES_MAX / 8;

/**
 * What may be learnt from now: the drum tracks of the archive whose players agreed to it when they played and have not taken it back.
 * Of what is made from the same strokes the one that came first counts, also when its player took the consent back: a copy brings
 * nobody's playing in again. One performance in eight, by its own hash and a secret of the studio and so for ever, is held out.
 * `whoIs` tells one person by whatever name they play, where that is known.
 */
export async function trainingSet(
  archive: TakeArchive,
  revoked: RevokedTakes,
  secret: Uint8Array,
  whoIs: (take: string, player: string) => Promise<string | null> = async () => null,
): Promise<TrainingSet> {
  const takes: TrainingTake[] = [];
  const leftOut: Partial<Record<LeftOut, number>> = {};
  const heard = new ReplayGuard();
  let strokes = 0;
  const strokesOfPlayer = new Map<string, number>();
  for (const id of archive.listAsFiled()) {
    for (const { player, mayTrain, strangers, performance } of await drumTracks(archive, id)) {
      const read = typeof performance === 'string' ? null : performance;
      const bars = barsOfHits(read?.hits ?? []);
      const count = read?.hits.length ?? 0;
      const who = JSON.stringify([(await whoIs(id, player)) ?? player]);
      const ofPlayer = (strokesOfPlayer.get(who) ?? 0) + count;
      const isRevoked = revoked.has(id, player);
      const reason =
        (!mayTrain && 'no-consent') ||
        (isRevoked && 'revoked') ||
        (typeof performance === 'string' && performance) ||
        (ofPlayer > PLAYER_STROKES_MAX && 'player-full') ||
        (strokes + count > ROUND_STROKES_MAX && 'set-full') ||
        (!heard.canTell(bars) && 'too-short') ||
        (!heard.check(bars).ok && 'repeated');
      if (bars.length > 0 && mayTrain && (isRevoked || !reason)) heard.remember(id, bars);
      if (reason) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
      else if (read !== null) {
        const performanceSha256 = performancesSha256([read]);
        strokes += count;
        strokesOfPlayer.set(who, ofPlayer);
        const use = isHeldOut(performanceSha256, secret) ? 'held-out' : 'train';
        takes.push({ take: id, player, performanceSha256, use, strangers, performance: read });
      }
    }
  }
  return { takes, leftOut };
}

/**
 * What was held out once never trains anything, while the secret stays the same. By the hash alone players could choose on which side
 * their playing comes: they would try offsets by a microsecond until it is held out, and shape what models are measured by.
 */
export function isHeldOut(performanceSha256: string, secret: Uint8Array): boolean {
  const drawn = createHmac('sha256', secret)
    .update('jamnet/held-out/v1\0')
    .update(performanceSha256)
    .digest();
  return drawn.readUInt8(0) < 32;
}

interface DrumTrack {
  readonly player: string;
  readonly mayTrain: boolean;
  readonly strangers: boolean;
  readonly performance: MidiPerformance | TrackPerformanceCode;
}

/** The players' own tracks that hold MIDI; others are no drums that this reads. */
async function drumTracks(archive: TakeArchive, id: string): Promise<DrumTrack[]> {
  const reader = new MultitrackReader({ sound: false });
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  const midi = new Map<number, JmidRecord[]>();
  for await (const piece of createReadStream(archive.file(id) ?? '')) {
    for (const line of splitter.push(piece)) {
      const answer = reader.line(line);
      if (!answer.ok) throw new Failure(answer.code, `Take ${id}: ${answer.message}`);
      const record = answer.value;
      if (record === null || !('type' in record) || record.type !== 'midi') continue;
      const events = midi.get(record.track);
      if (events) events.push(record);
      else midi.set(record.track, [record]);
    }
  }
  const { state } = reader;
  return (state?.tracks ?? []).flatMap(({ track }) => {
    const events = midi.get(track.track);
    if (!state || !events || track.role === 'heard') return [];
    const read = performanceOfTrack(events, state.beats, state.header.sampleRateHz);
    const { train, record, strangers } = track.consent;
    return [
      {
        player: track.from,
        mayTrain: train && record,
        strangers,
        performance: read.ok ? read.value : read.code,
      },
    ];
  });
}
