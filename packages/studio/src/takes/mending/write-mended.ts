import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeUtf8, present } from '@jamnet/base';
import {
  MULTITRACK_LIMITS,
  MultitrackReader,
  MultitrackState,
  recordLine,
  type TrackRecord,
} from '@jamnet/jdat';
import { takeLines } from '../take-lines.ts';

/** What stands where nothing came: integers of the track's bits. */
export interface Piece {
  readonly atSample: number;
  readonly samples: Int32Array;
}

/** The pieces of one track in order of place, each made when it is due. */
export type Pieces = AsyncIterator<Piece>;

/**
 * Writes a take anew to `out`: the same sound that came, with `pieces` where nothing did. Tracks that have some are `repaired` ones. Answers
 * the SHA-256 of the bytes and their number.
 */
export async function writeMended(
  file: string,
  out: string,
  pieces: ReadonlyMap<number, Pieces>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const to = new LineFile(out);
  try {
    const reader = new MultitrackReader({
      sound: ({ type, track }) => type === 'fill' && pieces.has(track),
    });
    const tracks = new Map<number, MendedTrack>();
    for await (const { bytes, value } of takeLines(file, reader)) {
      if (value !== null && !('type' in value)) to.begin(new MultitrackState(value), bytes);
      else if (value?.type === 'track' && pieces.has(value.track)) {
        const record = { ...value, role: 'repaired' as const };
        const { sampleRateHz } = present(reader.state, 'the header').header;
        const put = (line: string): void => to.put(encodeUtf8(line));
        tracks.set(
          value.track,
          new MendedTrack(record, sampleRateHz, present(pieces.get(value.track), 'pieces'), put),
        );
        put(recordLine(record, null));
      } else if (value?.type === 'fill' && value.samples !== null)
        await tracks.get(value.track)?.fill({ atSample: value.atSample, samples: value.samples });
      else if (value?.type === 'end') {
        for (const track of tracks.values()) await track.rest();
        // What came is as it was, and so are its hashes.
        to.end(recordLine({ ...value, sha256: to.state.sha256 }, null));
      } else if (bytes.length > 0) to.put(bytes);
    }
    return to.written;
  } finally {
    to.close();
  }
}

/** Lays a track's pieces over what filled its holes when it was played. */
class MendedTrack {
  readonly #record: TrackRecord;
  readonly #sampleRateHz: number;
  readonly #pieces: Pieces;
  readonly #put: (line: string) => void;
  #next: Piece | null | undefined;
  /** First sample behind what was written: what overlaps the last piece is left out. */
  #end = 0;

  constructor(record: TrackRecord, sampleRateHz: number, pieces: Pieces, put: (line: string) => void) {
    this.#record = record;
    this.#sampleRateHz = sampleRateHz;
    this.#pieces = pieces;
    this.#put = put;
  }

  /** What filled a hole: as it was before and between pieces. */
  async fill({ atSample, samples }: Piece): Promise<void> {
    const end = atSample + samples.length;
    for (
      let piece = await this.#piece();
      piece !== null && piece.atSample < end;
      piece = await this.#piece()
    ) {
      this.#write(atSample, samples, piece.atSample);
      this.#writePiece(piece);
    }
    this.#write(atSample, samples, end);
  }

  /** Pieces behind the last that filled anything. */
  async rest(): Promise<void> {
    for (let piece = await this.#piece(); piece !== null; piece = await this.#piece())
      this.#writePiece(piece);
  }

  async #piece(): Promise<Piece | null> {
    if (this.#next === undefined) {
      const next = await this.#pieces.next();
      this.#next = next.done ? null : next.value;
    }
    return this.#next;
  }

  #writePiece({ atSample, samples }: Piece): void {
    this.#write(atSample, samples, atSample + samples.length);
    this.#next = undefined;
  }

  /** What of `samples` lies behind all that was written and before `until`. */
  #write(atSample: number, samples: Int32Array, until: number): void {
    const { track, bits } = this.#record;
    for (let at = Math.max(atSample, this.#end); at < Math.min(until, atSample + samples.length); ) {
      const frames = Math.min(until, atSample + samples.length, at + RECORD_FRAMES) - at;
      const block = samples.subarray(at - atSample, at - atSample + frames);
      const record = { type: 'fill' as const, track, atSample: at, frames, samples: block };
      this.#put(recordLine(record, { bits, sampleRateHz: this.#sampleRateHz }));
      at += frames;
      this.#end = at;
    }
  }
}

const RECORD_FRAMES = MULTITRACK_LIMITS.recordFrames / 2;

/** Lines of a take on their way to a file. */
class LineFile {
  readonly #file: number;
  readonly #sum = createHash('sha256');
  #state: MultitrackState | null = null;
  #bytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
  }

  get state(): MultitrackState {
    return present(this.#state, 'the header');
  }

  get written(): { readonly sha256: string; readonly bytes: number } {
    return { sha256: this.#sum.copy().digest('hex'), bytes: this.#bytes };
  }

  begin(state: MultitrackState, header: Uint8Array): void {
    this.#state = state;
    this.put(header);
  }

  put(line: Uint8Array): void {
    this.state.hashLine(line);
    this.#write(line);
  }

  end(line: string): void {
    this.#write(encodeUtf8(line));
  }

  #write(line: Uint8Array): void {
    const bytes = new Uint8Array(line.length + 1);
    bytes.set(line);
    bytes[line.length] = 0x0a;
    this.#sum.update(bytes);
    this.#bytes += bytes.length;
    writeSync(this.#file, bytes);
  }

  close(): void {
    closeSync(this.#file);
  }
}
