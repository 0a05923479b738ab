import { MULTITRACK_LIMITS, type PacketFate } from '../multitrack/multitrack.ts';
import type { MultitrackWriter } from '../multitrack/multitrack-writer.ts';
import { EAR, type SettledPackets } from './packet-store.ts';
import type { TapedStream } from './tape-message.ts';

/**
 * Turns settled packets into records of a multitrack take: what came, what filled the holes, and the loss map. Packets of which
 * none came count as lost only once something of the stream came after them, or its end says that they were sent.
 */
export class StreamsToTracks {
  readonly #writer: MultitrackWriter;
  readonly #player: string;
  /** Lost packets at the end of a track so far, by track: where they begin and how many. */
  readonly #trailing = new Map<number, { from: number; count: number }>();
  /** Tracks of which something was heard. Who joins late lost nothing of what was played before. */
  readonly #begun = new Set<number>();

  constructor(writer: MultitrackWriter, player: string) {
    this.#writer = writer;
    this.#player = player;
  }

  packets(stream: TapedStream, packets: SettledPackets): void {
    const track = this.#trackOf(stream);
    if (track < 0 || stream.baseIndex < 0) return;
    const { packetFrames } = stream;
    const place = (i: number): number => (stream.baseIndex + packets.first + i) * packetFrames;
    for (const run of runs(packets.count, (i) => packets.came[i] === 1))
      this.#writer.sound('audio', track, place(run.from), piece(packets.samples, run, packetFrames));
    if (stream.role === 'sent') return;
    for (const run of runs(packets.count, (i) => packets.ear[i] === EAR.concealed))
      this.#writer.sound('fill', track, place(run.from), piece(packets.fill, run, packetFrames));
    const first = this.#firstHeard(track, packets);
    if (first === packets.count) return;
    this.#begun.add(track);
    this.#losses(track, this.#offsetOf(track, stream) + packets.first + first, {
      count: packets.count - first,
      came: packets.came.subarray(first),
      ear: packets.ear.subarray(first),
    });
  }

  /** The first of these packets that the listener was there for; their count when there is none. */
  #firstHeard(track: number, { count, came, ear }: SettledPackets): number {
    if (this.#begun.has(track)) return 0;
    for (let i = 0; i < count; i++) if (came[i] === 1 || ear[i] !== EAR.none) return i;
    return count;
  }

  /** A note keeps its place in the order of arrival: none is dated before the one that came before it. */
  note(stream: TapedStream, atSample: number, message: Uint8Array): void {
    const track = this.#trackOf(stream);
    const state = this.#writer.state.tracks[track];
    if (track < 0 || state === undefined || state.midiEvents >= MULTITRACK_LIMITS.midiPerTrack) return;
    const place = Math.max(atSample, state.midiEnd, state.track.firstSample);
    this.#writer.midi({ track, atSample: place, message });
  }

  /** `packets`: how many the stream had. */
  over(stream: TapedStream, packets: number): void {
    const track = this.#trackOf(stream);
    const trailing = this.#trailing.get(track);
    if (trailing === undefined) return;
    const count = Math.min(trailing.count, this.#offsetOf(track, stream) + packets - trailing.from);
    if (count > 0) this.#writer.fates(track, trailing.from, new Array<PacketFate>(count).fill('concealed'));
    this.#trailing.delete(track);
  }

  #trackOf({ role, from, consent, baseIndex, packetFrames }: TapedStream): number {
    const firstSample = Math.max(0, baseIndex) * packetFrames;
    return this.#writer.track({
      player: this.#player,
      role,
      from,
      bits: 16,
      packetFrames,
      firstSample,
      consent,
    });
  }

  /** Packet 0 of the stream counted from the track's first. */
  #offsetOf(track: number, { baseIndex, packetFrames }: TapedStream): number {
    const known = this.#writer.state.tracks[track]?.track.firstSample ?? 0;
    return Math.max(0, baseIndex) - known / packetFrames;
  }

  #losses(
    track: number,
    fromPacket: number,
    { count, came, ear }: Pick<SettledPackets, 'count' | 'came' | 'ear'>,
  ): void {
    let lastCame = count - 1;
    while (lastCame >= 0 && came[lastCame] !== 1) lastCame--;
    const trailing = this.#trailing.get(track);
    if (lastCame >= 0) {
      if (trailing !== undefined)
        this.#writer.fates(track, trailing.from, new Array<PacketFate>(trailing.count).fill('concealed'));
      const fates = Array.from({ length: lastCame + 1 }, (_, i) => fateOf(came[i] === 1, ear[i]));
      this.#writer.fates(track, fromPacket, fates);
      this.#trailing.delete(track);
    }
    const left = count - lastCame - 1;
    if (left === 0) return;
    const open = lastCame < 0 ? trailing : undefined;
    if (open !== undefined) open.count += left;
    else this.#trailing.set(track, { from: fromPacket + lastCame + 1, count: left });
  }
}

function fateOf(came: boolean, ear: number | undefined): PacketFate | null {
  if (!came) return 'concealed';
  return ear === EAR.recovered ? 'recovered' : ear === EAR.concealed ? 'late' : null;
}

interface Run {
  readonly from: number;
  count: number;
}

function runs(count: number, holds: (index: number) => boolean): Run[] {
  const found: Run[] = [];
  for (let i = 0; i < count; i++) {
    if (!holds(i)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.from + last.count === i) last.count++;
    else found.push({ from: i, count: 1 });
  }
  return found;
}

function piece(samples: Int16Array, { from, count }: Run, packetFrames: number): Int32Array {
  return Int32Array.from(samples.subarray(from * packetFrames, (from + count) * packetFrames));
}
