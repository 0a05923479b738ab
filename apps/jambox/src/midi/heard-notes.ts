import { MidiEar } from '@jamnet/pnbtr';
import { type BeatTimeline, limits, type MidiEvent, type RemotePlayer } from '@jamnet/toast';
import { RoomForecast } from './room-forecast.ts';

/** Longer than any note is held: whoever asks so late gets the end of everything. */
const AFTER_ALL_US = 3_600_000_000;

const US_PER_SAMPLE = 1e6 / limits.SAMPLE_RATE_HZ;

export type MidiSink = (message: Uint8Array) => void;

/** One remote player's notes: kept as they came, played in time with the player's sound, concealed where some are lost. */
export class HeardNotes {
  events = 0;
  readonly #remote: RemotePlayer;
  readonly #forecast: RoomForecast;
  readonly #ear: MidiEar;
  readonly #sink: MidiSink;
  readonly #keep: (event: MidiEvent) => void;
  #lost = 0;

  /** `keep` gets each message as it came, `sink` what is to sound; drum hits are foretold by `timeline`. */
  constructor(
    remote: RemotePlayer,
    timeline: BeatTimeline,
    sink: MidiSink,
    keep: (event: MidiEvent) => void,
  ) {
    this.#remote = remote;
    this.#forecast = new RoomForecast(timeline);
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

  /**
   * `heardFromUs` is when the room's sample 0 is or was heard, on the clock of `nowUs`; `isCutOff`: nothing has come lately from a player
   * who has not left, and hits that are likely sound at their time.
   */
  play(nowUs: number, heardFromUs: number, isCutOff: boolean): void {
    const { midi } = this.#remote;
    this.#forecast.turn(nowUs, heardFromUs);
    if (midi.lost > this.#lost) {
      this.#lost = midi.lost;
      this.#ear.lose(Math.round(nowUs));
    }
    for (let event = midi.events.shift(); event !== undefined; event = midi.events.shift()) {
      this.events++;
      this.#keep(event);
      this.#ear.take(Math.round(nowUs), event.message, heardFromUs + event.atSample * US_PER_SAMPLE);
    }
    this.#ear.play(Math.round(nowUs), isCutOff, this.#sink);
  }

  /** Ends what sounds. */
  close(nowUs: number): void {
    this.#ear.play(Math.round(nowUs) + AFTER_ALL_US, false, this.#sink);
  }
}
