import { MultitrackReader, type TrackState } from '@jamnet/jdat';
import { takeRecords } from '../takes/take-lines.ts';

/** So much of a track is in memory at once: 115 MB at 48 kHz. */
export const PIECE_SECONDS = 600;

/** Part of one player's sound, full scale ± 1; what a hole has lost is silence. */
export interface TrackPiece {
  /** From 0. */
  readonly index: number;
  readonly samples: Float32Array;
  readonly rateHz: number;
}

/** A player's own sound in a take of the archive, as it was sent where the take has that, else as it was heard; `null`: there is none. */
export async function trackOfPlayer(file: string, player: string): Promise<TrackState | null> {
  const reader = new MultitrackReader({ sound: false });
  for await (const _ of takeRecords(file, reader));
  const own = (reader.state?.tracks ?? []).filter(
    ({ track, audioFrom }) => track.from === player && audioFrom >= 0,
  );
  return own.find(({ track }) => track.role === 'sent') ?? own[0] ?? null;
}

/** The pieces of a track in order, read one at a time. */
export async function* piecesOfTrack(
  file: string,
  { track, audioFrom, audioEnd }: TrackState,
  pieceSeconds = PIECE_SECONDS,
): AsyncGenerator<TrackPiece> {
  const reader = new MultitrackReader({ sound: true });
  const full = 2 ** (track.bits - 1);
  let piece: { index: number; from: number; samples: Float32Array } | null = null;
  for await (const record of takeRecords(file, reader)) {
    if (record.type !== 'audio' || record.track !== track.track) continue;
    const rateHz = reader.state?.header.sampleRateHz ?? 0;
    const frames = pieceSeconds * rateHz;
    for (let i = 0; i < (record.samples?.length ?? 0); i++) {
      const at = record.atSample + i;
      while (piece === null || at >= piece.from + piece.samples.length) {
        if (piece !== null) yield { index: piece.index, samples: piece.samples, rateHz };
        const index: number = piece === null ? 0 : piece.index + 1;
        const from = audioFrom + index * frames;
        piece = { index, from, samples: new Float32Array(Math.min(frames, audioEnd - from)) };
      }
      piece.samples[at - piece.from] = (record.samples?.[i] ?? 0) / full;
    }
  }
  if (piece !== null)
    yield { index: piece.index, samples: piece.samples, rateHz: reader.state?.header.sampleRateHz ?? 0 };
}
