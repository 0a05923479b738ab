import { MidiEar } from '@jamnet/pnbtr';
import { limits, type MidiEvent, type RemotePlayer } from '@jamnet/toast';
import { NoteDelay } from './note-delay.ts';
import type { RoomForecast } from './room-forecast.ts';

/** Longer than any note is held: whoever asks so late gets the end of everything. */
const AFTER_ALL_US = 3_600_000_000;
/** Hits are foretold for who is cut off so long: a packet that is lost alone brings its notes with the next, and after a bar nobody knows. */
export const CUT_OFF_US = { least: 10_000, most: 2_000_000 } as const;
/** Of who sends no sound three of the signs, one every 20 ms, are missing by then. */
const SILENT_US_LEAST = 60_000;

const US_PER_SAMPLE = 1e6 / limits.SAMPLE_RATE_HZ;

export type MidiSink = (message: Uint8Array) => void;

/** How a player's sound is heard, by which the notes go. */
export interface SoundHeard {
  /** From the sender's card to the ear, µs. */
  readonly delayUs: number;
  /** Nothing has come lately from a player who has not left. */
  readonly isCutOff: boolean;
}

/** One remote player's notes: kept as they came, played in time with the player's sound, concealed where some are lost. */
export class HeardNotes {
  events = 0;
  readonly #remote: RemotePlayer;
  readonly #forecast: RoomForecast;
  readonly #ear: MidiEar;
  readonly #delay = new NoteDelay();
  readonly #sink: MidiSink;
  readonly #keep: (event: MidiEvent) => void;
  #lost = 0;

  /** `keep` gets each message as it came, `sink` what is to sound; drum hits are foretold by `forecast`. */
  constructor(
    remote: RemotePlayer,
    forecast: RoomForecast,
    sink: MidiSink,
    keep: (event: MidiEvent) => void,
  ) {
    this.#remote = remote;
    this.#forecast = forecast;
    this.#ear = new MidiEar({ forecast: this.#forecast });
    this.#sink = sink;
    this.#keep = keep;
  }

  /** Messages that no copy brought. */
  get lost(): number {
    return this.#remote.midi.lost;
  }

  /** Times that notes were ended because of loss or silence. */
  get released(): number {
    return this.#remote.midi.released;
  }

  /** Drum hits that sounded at their forecast time because they had not come. */
  get foretold(): number {
    return this.#ear.foretold;
  }

  /**
   * `startUs` is when the room's sample 0 was played, on the clock of `nowUs`. Notes are heard as late as the player's sound, and as
   * much later than they were played as keeps most of them in time where there is none (`null`). While the player is cut off, hits
   * that are likely sound at their time.
   */
  play(nowUs: number, startUs: number, sound: SoundHeard | null): void {
    const { midi } = this.#remote;
    const heardFromUs = startUs + (sound?.delayUs ?? this.#delay.delayUs);
    this.#forecast.turn(nowUs, heardFromUs);
    if (midi.lost > this.#lost) {
      this.#lost = midi.lost;
      this.#ear.lose(Math.round(nowUs));
    }
    let newest = Number.NaN;
    for (let event = midi.events.shift(); event !== undefined; event = midi.events.shift()) {
      this.events++;
      newest = event.atSample;
      this.#keep(event);
      this.#ear.take(Math.round(nowUs), event.message, heardFromUs + event.atSample * US_PER_SAMPLE);
    }
    // The newest says how long notes take now; those before it may have waited for a copy.
    if (newest >= 0) this.#delay.observe(nowUs - startUs - newest * US_PER_SAMPLE);
    this.#ear.play(Math.round(nowUs), sound?.isCutOff ?? this.#isSilent(nowUs), this.#sink);
  }

  /** Ends what sounds. */
  close(nowUs: number): void {
    this.#ear.play(Math.round(nowUs) + AFTER_ALL_US, false, this.#sink);
  }

  #isSilent(nowUs: number): boolean {
    const { midi, receiver } = this.#remote;
    const silentUs = nowUs - midi.heardUs;
    return (
      receiver.isPresent && midi.heardUs >= 0 && silentUs >= SILENT_US_LEAST && silentUs < CUT_OFF_US.most
    );
  }
}
