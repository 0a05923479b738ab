import type { RoomTape } from '@jamnet/jdat';
import { limits, type MidiEvent, type PeerSession } from '@jamnet/toast';
import type { Card } from '../card/card.ts';
import { newSamples, type Samples, to16Bits } from '../card/samples.ts';
import type { MidiSource } from '../midi/midi-source.ts';
import type { RoomClick } from '../music/room-click.ts';
import type { PlayOptions } from '../play-options.ts';
import type { SentStream } from '../sent-stream.ts';

/** Where else goes what we play, and what is played besides the card's input. */
export interface OwnStreamHooks {
  readonly tape?: RoomTape;
  readonly sent?: SentStream;
  readonly notes?: MidiSource;
  /** Listens to the band, of which we are one. */
  readonly click?: RoomClick;
}

/** What we play into the room: the card's input and the notes of each period, until the input or `secondsMax` ends. */
export class OwnStream {
  readonly #session: PeerSession;
  readonly #card: Card;
  readonly #hooks: OwnStreamHooks;
  readonly #packetFrames: number;
  readonly #packetsMax: number;
  readonly #captured: Samples;
  /** The same in 16 bits: takes have no more. */
  readonly #kept: Int16Array;
  readonly #struck: Float32Array;
  /** Periods since the room's start, the first in which we were there. */
  #basePeriod = 0;
  #isOver = false;

  constructor(options: PlayOptions, session: PeerSession, card: Card, hooks: OwnStreamHooks) {
    const { packetFrames, secondsMax = Number.POSITIVE_INFINITY, sampleBits = 16 } = options;
    this.#session = session;
    this.#card = card;
    this.#hooks = hooks;
    this.#packetFrames = packetFrames;
    this.#packetsMax = Math.ceil((secondsMax * limits.SAMPLE_RATE_HZ) / packetFrames);
    this.#captured = newSamples(sampleBits, packetFrames);
    this.#kept = new Int16Array(packetFrames);
    this.#struck = new Float32Array(packetFrames);
  }

  /** All of it was sent, and its end announced. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The stream's first sample is where `basePeriod`, counted from the room's start, begins. */
  begin(basePeriod: number): void {
    this.#basePeriod = basePeriod;
  }

  /** Sends the card's input of the period that just ended; `period` counts those that are over. Asked to stop, it ends. */
  capture(nowUs: number, period: number, isStopAsked: boolean): void {
    const mayGoOn = !isStopAsked && this.#session.packetsSent < this.#packetsMax;
    // The card is read in any case: its clock goes on.
    const hasSound = this.#card.capture(this.#captured) && mayGoOn;
    if (this.#hooks.notes !== undefined) this.#playNotes(nowUs, period, isStopAsked, this.#hooks.notes);
    if (hasSound && !this.#isOver) this.#send(nowUs);
    else if (!this.#isOver) {
      this.#isOver = true;
      this.#session.finish(nowUs);
    }
    if (this.#isOver) this.#session.sendTrail(nowUs);
  }

  #send(nowUs: number): void {
    const before = this.#session.packetsSent;
    this.#session.sendAudio(nowUs, this.#captured, this.#basePeriod * this.#packetFrames);
    if (this.#session.packetsSent === before) return;
    to16Bits(this.#captured, this.#kept);
    this.#hooks.tape?.sent(this.#kept, this.#basePeriod);
    this.#hooks.sent?.keep(this.#kept);
    if (this.#hooks.click?.isFollowing) this.#strike(this.#hooks.click, before);
  }

  /** `index`: of the packet in our stream. */
  #strike(click: RoomClick, index: number): void {
    for (let i = 0; i < this.#packetFrames; i++) this.#struck[i] = (this.#kept[i] ?? 0) / 32768;
    click.sound(this, this.#struck, (this.#basePeriod + index) * this.#packetFrames);
  }

  /** Notes whose place lies in the period that ended; once we stop, the ends of all that sound. */
  #playNotes(nowUs: number, period: number, isStopAsked: boolean, notes: MidiSource): void {
    if (notes.isSilent) return;
    const baseSample = this.#basePeriod * this.#packetFrames;
    const untilSample = period * this.#packetFrames - baseSample;
    const send = ({ atSample, message }: MidiEvent): void => {
      const isSent = this.#session.sendMidi(nowUs, message, baseSample + atSample).ok;
      if (!isSent) return;
      this.#hooks.tape?.sentNote(baseSample + atSample, message, this.#basePeriod);
      this.#hooks.click?.note(message, baseSample + atSample);
    };
    if (isStopAsked) notes.stop(untilSample, send);
    else notes.play(untilSample, send);
  }
}
