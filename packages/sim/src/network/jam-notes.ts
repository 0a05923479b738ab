import type { PeerSession, RemotePlayer } from '@jamnet/toast';

const NOTE_ON = 0x90;
const NOTE_OFF = 0x80;

/** Plays a note every few packets and lets it go some packets later. */
export class NotePlayer {
  #held = -1;
  #beats = 0;
  /** Key of each note begun since the session was opened; −1 where the session took none. */
  sent = 0;

  /** `mayBegin` false: what sounds is let go, nothing begins. */
  beat(nowUs: number, session: PeerSession, mayBegin: boolean): void {
    this.#beats++;
    if (this.#held >= 0 && this.#beats % 8 === 5) {
      if (session.sendMidi(nowUs, Uint8Array.of(NOTE_OFF, this.#held, 0)).ok) {
        this.sent++;
        this.#held = -1;
      }
    } else if (mayBegin && this.#held < 0 && this.#beats % 8 === 0) {
      const key = 40 + ((this.#beats >> 3) % 48);
      if (session.sendMidi(nowUs, Uint8Array.of(NOTE_ON, key, 90)).ok) {
        this.sent++;
        this.#held = key;
      }
    }
  }
}

/** Which notes of one sender sound at one listener. */
export class NoteEar {
  readonly sounding = new Set<number>();
  /** Notes let go that did not sound, or begun twice: an event came twice or out of order. */
  strange = 0;

  drain(remote: RemotePlayer): void {
    for (let event = remote.midi.events.shift(); event !== undefined; event = remote.midi.events.shift()) {
      const [status = 0, key = 0] = event.message;
      const wasSounding = this.sounding.has(key);
      if (status === NOTE_ON && wasSounding) this.strange++;
      if (status === NOTE_ON) this.sounding.add(key);
      else this.sounding.delete(key);
    }
  }
}
