import { Metronome } from './metronome.ts';
import { StrokeEar } from './stroke-ear.ts';

/** How the room's beat is made audible: not at all, as it was announced, or where the band plays it. */
export const CLICK_MODES = ['off', 'plain', 'band'] as const;
export type ClickMode = (typeof CLICK_MODES)[number];

/** One listener's click, and the band that it listens to while it follows: the notes and sound of everybody, the own included. */
export class RoomClick {
  readonly metronome = new Metronome();
  readonly #ears = new WeakMap<object, StrokeEar>();
  readonly #hear = (atSample: number): void => this.metronome.hear(atSample);

  static of(mode: ClickMode = 'off'): RoomClick {
    const click = new RoomClick();
    click.setMode(mode);
    return click;
  }

  setMode(mode: ClickMode): void {
    this.metronome.isOn = mode !== 'off';
    this.metronome.followsBand = mode === 'band';
  }

  get isFollowing(): boolean {
    return this.metronome.isOn && this.metronome.followsBand;
  }

  /** A MIDI message by its place on the room's timeline: what begins a note is a stroke. */
  note(message: Uint8Array, atSample: number): void {
    const [status = 0, , velocity = 0] = message;
    if ((status & 0xf0) === 0x90 && velocity > 0) this.metronome.hear(atSample);
  }

  /** A block of somebody's sound, full scale ± 1; `player` tells one from another, `sample` is the place of its first. */
  sound(player: object, pcm: Float32Array, sample: number): void {
    if (!this.isFollowing) return;
    let ear = this.#ears.get(player);
    if (ear === undefined) {
      ear = new StrokeEar();
      this.#ears.set(player, ear);
    }
    ear.listen(pcm, sample, this.#hear);
  }
}
