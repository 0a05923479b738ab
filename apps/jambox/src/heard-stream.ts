import { present } from '@jamnet/base';
import type { Forecaster } from '@jamnet/groove';
import { EAR, PacketStore, type RoomTape, type SettledPackets, type TapedStream } from '@jamnet/jdat';
import { type BeatTimeline, CONSENT, limits, type RemotePlayer, type StreamReceiver } from '@jamnet/toast';
import { DelayHistogram } from './delay-histogram.ts';
import type { Ear } from './ear/ear.ts';
import { FollowingEar } from './ear/following-ear.ts';
import { PacketEar } from './ear/packet-ear.ts';
import { CUT_OFF_US, HeardNotes, type MidiSink } from './music/heard-notes.ts';
import { RoomForecast } from './music/room-forecast.ts';
import type { Playout } from './play-options.ts';

/** Longest stream that is recorded; what follows is heard but not kept. */
export const TAKE_SECONDS_MAX = 1800;

const HEARD_BLOCK_PACKETS = 512;

export interface StreamTally {
  readonly packets: number;
  readonly lost: number;
  readonly recovered: number;
  readonly concealed: number;
  readonly late: number;
}

export interface HeardOptions {
  readonly packetFrames: number;
  readonly playout: Playout;
  /** Packets until the last copy of a lost one comes. */
  readonly reach: number;
  readonly midiOut: MidiSink;
  /** Each message as it came, by its place on the room's timeline. */
  readonly onNote?: (message: Uint8Array, atSample: number) => void;
  /** The room's beat, by which hits of who is cut off are foretold. */
  readonly timeline: BeatTimeline;
  /** Who foretells those; absent: `house-2`. */
  readonly newForecaster?: (() => Forecaster) | undefined;
  /** Of this machine, by which concealment chooses the size of its models; see PNBTR's `measureSlowness`. */
  readonly slowness?: number | undefined;
  /**
   * Where sound goes once it is settled, and what its files are called; of who does not want to be recorded it goes nowhere. Without
   * it all of it stays in memory, for tests.
   */
  readonly recording?: { readonly tape: RoomTape; readonly name: string };
}

/** One remote player as this listener hears it: buffer, concealment, recording. */
export class HeardStream {
  readonly remote: RemotePlayer;
  readonly store: PacketStore;
  readonly delays = new DelayHistogram();
  readonly ear: Ear;
  readonly notes: HeardNotes;
  readonly #packetFrames: number;
  readonly #fresh: Int16Array;
  /** Memory grows by blocks of {@link HEARD_BLOCK_PACKETS}: a period must not wait for more. */
  readonly #heard: Int16Array[] = [];
  #heardPackets = 0;
  readonly #packetsMax: number;
  /** `null` where nobody records, or the sender does not want it. */
  readonly #recording: NonNullable<HeardOptions['recording']> | null;
  /** Whether what the ear gets is kept. */
  readonly #isKept: boolean;
  /** Local µs since which the player is missing from the room; −1 while present. */
  #absentSinceUs = -1;
  /** When sound that had come was heard last. */
  #soundedUs = 0;
  /** Of the sample that sounded last, from the sender's card to the ear. */
  #delayUs = 0;

  constructor(remote: RemotePlayer, options: HeardOptions) {
    const { packetFrames, playout, reach, slowness } = options;
    const { receiver } = remote;
    this.remote = remote;
    this.#packetFrames = packetFrames;
    this.#fresh = new Int16Array(packetFrames);
    this.#packetsMax = Math.ceil((TAKE_SECONDS_MAX * limits.SAMPLE_RATE_HZ) / packetFrames);
    this.#recording = this.mayRecord ? (options.recording ?? null) : null;
    this.#isKept = this.#recording !== null || options.recording === undefined;
    const settled = (packets: SettledPackets): void => this.#recording?.tape.packets(this.#taped(), packets);
    this.store = new PacketStore(
      packetFrames,
      this.#packetsMax,
      options.recording === undefined ? undefined : settled,
    );
    this.notes = new HeardNotes(
      remote,
      new RoomForecast(options.timeline, options.newForecaster),
      options.midiOut,
      ({ atSample, message }) => {
        this.#recording?.tape.note(this.#taped(), atSample, message);
        options.onNote?.(message, atSample);
      },
    );
    this.ear =
      playout === 'adaptive'
        ? new FollowingEar(receiver, this.store, packetFrames, reach, slowness)
        : new PacketEar(receiver, this.store, packetFrames, slowness);
  }

  get receiver(): StreamReceiver {
    return this.remote.receiver;
  }

  get from(): string {
    return this.receiver.member.player;
  }

  get mayRecord(): boolean {
    return (this.receiver.member.consent & CONSENT.record) !== 0;
  }

  /** Name of its files, without an ending; empty where it is not recorded. */
  get name(): string {
    return this.#recording?.name ?? '';
  }

  #taped(): TapedStream {
    const { consent } = this.receiver.member;
    return {
      role: 'heard',
      from: this.from,
      consent: {
        record: (consent & CONSENT.record) !== 0,
        train: (consent & CONSENT.train) !== 0,
        strangers: (consent & CONSENT.strangers) !== 0,
      },
      baseIndex: this.receiver.baseIndex,
      packetFrames: this.#packetFrames,
    };
  }

  /** Gives the rest of the sound to the recording. */
  finish(): void {
    if (this.#recording === null) return;
    this.store.finish(this.packets);
    this.#recording.tape.over(this.#taped(), this.packets);
    const frames = (this.#heardPackets % HEARD_BLOCK_PACKETS) * this.#packetFrames;
    const block = this.#heard.pop();
    if (block !== undefined)
      this.#recording.tape.ear(`${this.name}.wav`, block.slice(0, frames || block.length));
  }

  /** Keeps what just arrived. */
  drainFresh(): void {
    for (let index = this.receiver.fresh.shift(); index !== undefined; index = this.receiver.fresh.shift()) {
      if (this.receiver.copy16(index, this.#fresh)) this.store.put(index, this.#fresh);
    }
  }

  /** Plays one period into {@link out}; false when nothing of the stream sounds. */
  play(period: number, nowUs: number): boolean {
    const isSounding = this.ear.play(period, nowUs);
    if (isSounding && this.#isKept) this.#keepHeard(this.ear.out);
    return isSounding;
  }

  /** Notes how old what sounds is; see {@link Ear.delayUs}. */
  noteDelay(localUs: number, roomUs: number): void {
    const delayUs = this.ear.delayUs(localUs, roomUs);
    if (delayUs < 0) return;
    this.#delayUs = delayUs;
    this.delays.add(delayUs);
  }

  /** Plays the player's notes with its sound, if there is any: as late as that. `startUs`: the room's sample 0 on our clock. */
  playNotes(nowUs: number, startUs: number): void {
    const hasSound = this.receiver.newest >= 0;
    const sound = hasSound ? { delayUs: this.#delayUs, isCutOff: this.#isCutOff(nowUs) } : null;
    this.notes.play(nowUs, startUs, sound);
  }

  /** Place on the room's timeline of what sounds first in the period last played; `roomUs`: since the room's start. */
  heardSample(roomUs: number): number {
    return ((roomUs - this.#delayUs) / 1e6) * limits.SAMPLE_RATE_HZ;
  }

  /** What should sound now has not come for a while, though the player is there and plays on. */
  #isCutOff(nowUs: number): boolean {
    const { pulled } = this.ear;
    if (pulled === 0 || this.store.came(pulled - 1)) this.#soundedUs = nowUs;
    const silentUs = nowUs - this.#soundedUs;
    return this.receiver.isPresent && silentUs >= CUT_OFF_US.least && silentUs < CUT_OFF_US.most;
  }

  #keepHeard(out: Float32Array): void {
    if (this.#heardPackets >= this.#packetsMax) return;
    const frames = out.length;
    const place = this.#heardPackets++ % HEARD_BLOCK_PACKETS;
    if (place === 0) this.#nextBlock(frames);
    const block = present(this.#heard.at(-1), 'block');
    for (let i = 0; i < frames; i++) {
      block[place * frames + i] = Math.max(-32768, Math.min(32767, Math.round((out[i] ?? 0) * 32768)));
    }
  }

  #nextBlock(frames: number): void {
    const full = this.#recording === null ? undefined : this.#heard.pop();
    if (full !== undefined) this.#recording?.tape.ear(`${this.name}.wav`, full);
    this.#heard.push(new Int16Array(HEARD_BLOCK_PACKETS * frames));
  }

  /** What the ear got, from the stream's first period on, full scale ±1, where it stays in memory. */
  heardPcm(): Float32Array {
    const frames = this.#packetFrames;
    const blockFrames = HEARD_BLOCK_PACKETS * frames;
    const pcm = new Float32Array(this.#heardPackets * frames);
    for (let i = 0; i < pcm.length; i++)
      pcm[i] = (this.#heard[Math.floor(i / blockFrames)]?.[i % blockFrames] ?? 0) / 32768;
    return pcm;
  }

  /** What sounds in the period last played. */
  get out(): Float32Array {
    return this.ear.out;
  }

  /** Notes presence; true once the stream has ended or its player has been gone for `goneAfterUs`. */
  isDone(nowUs: number, goneAfterUs: number): boolean {
    if (this.receiver.isOver || this.receiver.member.packets === 0) return true;
    if (this.receiver.isPresent) this.#absentSinceUs = -1;
    else if (this.#absentSinceUs < 0) this.#absentSinceUs = nowUs;
    return this.#absentSinceUs >= 0 && nowUs - this.#absentSinceUs > goneAfterUs;
  }

  /** Packets of the stream as far as this listener heard it: an end that nobody announced is the last that came. */
  get packets(): number {
    const announced = this.receiver.member.packets;
    const { pulled } = this.ear;
    let packets = announced === null ? pulled : Math.min(announced, pulled);
    if (announced === null) while (packets > 0 && !this.store.came(packets - 1)) packets--;
    return Math.min(packets, this.#packetsMax);
  }

  /** Who joins late lost nothing of what was played before: losses count from the first packet that came or was waited for. */
  tally(): StreamTally {
    const tally = { packets: this.packets, lost: 0, recovered: 0, concealed: 0, late: 0 };
    let first = 0;
    while (first < tally.packets && !this.store.came(first) && this.store.ear(first) === EAR.none) first++;
    for (let index = first; index < tally.packets; index++) {
      const ear = this.store.ear(index);
      const came = this.store.came(index);
      if (ear === EAR.recovered) tally.recovered++;
      else if (ear === EAR.concealed || !came) tally.concealed++;
      if (ear === EAR.concealed && came) tally.late++;
    }
    return { ...tally, lost: tally.recovered + tally.concealed };
  }
}
