import { STOP, type UdpHandler, type UdpPort } from '@jamnet/jambox';
import type { Relay } from '@jamnet/toast';

const TICK_US = 1_000_000;
/** How soon a stop is noticed while no datagram comes. */
const LOOK_EVERY_US = 20_000;

/** The pure relay, fed from a port and the clock. */
export class RelayService implements UdpHandler {
  readonly #relay: Relay;
  readonly #port: UdpPort;
  readonly #isStopAsked: () => boolean;
  readonly #onWake: () => void;
  #tickDueUs = 0;

  constructor(relay: Relay, port: UdpPort, isStopAsked: () => boolean, onWake: () => void) {
    this.#relay = relay;
    this.#port = port;
    this.#isStopAsked = isStopAsked;
    this.#onWake = onWake;
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string, port: UdpPort): void {
    const to = this.#relay.route(nowUs, from, bytes, port.waitedUs);
    // At once: `bytes` are the port's own memory.
    if (to.length > 0) port.sendEach(bytes, to);
    this.#drain();
  }

  wake(nowUs: number): number {
    if (nowUs >= this.#tickDueUs) {
      this.#relay.tick(nowUs);
      this.#drain();
      this.#tickDueUs = nowUs + TICK_US;
    }
    this.#onWake();
    return this.#isStopAsked() ? STOP : Math.min(this.#tickDueUs, nowUs + LOOK_EVERY_US);
  }

  #drain(): void {
    for (let next = this.#relay.outgoing.shift(); next !== undefined; next = this.#relay.outgoing.shift())
      this.#port.send(next.bytes, next.to);
  }
}
