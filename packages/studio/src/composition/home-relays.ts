import { HOME_RELAY, type HomeRelay } from '../relay/directory/relay-desk.ts';
import { type RelayProcess, startRelayProcess } from './relay-process.ts';

/** Before a relay that ended is started again; twice as long after each time that it did not come up. */
const RESTART_MS = 100;
const RESTART_MS_MAX = 5_000;

interface Home {
  readonly id: string;
  /** Kept over restarts: players who ask again find it where it was. */
  port: number;
  process: RelayProcess | null;
}

/** Relays in processes of their own, each started again when it ends: no work of the studio ever delays a packet. */
export class HomeRelays {
  readonly #host: string;
  readonly #tokenKey: Uint8Array;
  readonly #homes: readonly Home[];
  #isOver = false;

  static async start(host: string, count: number, tokenKey: Uint8Array): Promise<HomeRelays> {
    const relays = new HomeRelays(host, count, tokenKey);
    await Promise.all(relays.#homes.map((home) => relays.#start(home)));
    return relays;
  }

  private constructor(host: string, count: number, tokenKey: Uint8Array) {
    this.#host = host;
    this.#tokenKey = tokenKey;
    this.#homes = Array.from({ length: count }, (_, i) => ({
      id: i === 0 ? HOME_RELAY : `${HOME_RELAY}-${i + 1}`,
      port: 0,
      process: null,
    }));
  }

  /** Those that listen now. */
  list(): readonly HomeRelay[] {
    return this.#homes.flatMap(({ id, process }) =>
      process === null ? [] : [{ id, host: process.host, port: process.port, ...process.load() }],
    );
  }

  async #start(home: Home): Promise<void> {
    const started = await startRelayProcess(this.#host, home.port, this.#tokenKey);
    home.process = started;
    home.port = started.port;
    void started.ended.then(() => {
      home.process = null;
      if (!this.#isOver) this.#startAgain(home, RESTART_MS);
    });
    if (this.#isOver) await started.stop();
  }

  #startAgain(home: Home, waitMs: number): void {
    setTimeout(() => {
      if (this.#isOver) return;
      this.#start(home).catch(() => this.#startAgain(home, Math.min(2 * waitMs, RESTART_MS_MAX)));
    }, waitMs).unref();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#homes.map(({ process }) => process?.stop()));
  }
}
