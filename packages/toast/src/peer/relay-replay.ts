import { ReplayWindow } from '../replay-window.ts';
import { type Header, PACKET_TYPE } from '../wire/header.ts';

/**
 * The relay's own messages, each once and per type. It counts them per seat: who has none is not counted, and a seat taken anew,
 * perhaps at another relay, begins anew.
 */
export class RelayReplay {
  #control = new ReplayWindow();
  #sync = new ReplayWindow();

  isFresh(header: Header): boolean {
    return this.#windowOf(header).isFresh(header.sequence);
  }

  /** Marks an authenticated number as used. */
  accept(header: Header): void {
    this.#windowOf(header).accept(header.sequence);
  }

  /** A seat was taken: its numbers are those of no earlier one. */
  begin(): void {
    this.#control = new ReplayWindow();
    this.#sync = new ReplayWindow();
  }

  #windowOf(header: Header): ReplayWindow {
    return header.type === PACKET_TYPE.sync ? this.#sync : this.#control;
  }
}
