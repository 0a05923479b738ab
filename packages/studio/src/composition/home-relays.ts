import { HOME_RELAY, type HomeRelay } from '../relay/directory/relay-desk.ts';
import { type RelayProcess, startRelayProcess } from './relay-process.ts';

/** Before a relay that ended is started again; twice as long after each time that it did not come up. */
const RESTART_MS = 100;
const RESTART_MS_MAX = 5_000;

export interface HomeHosts {
  /** Where they listen, `0.0.0.0` for all addresses. */
  readonly bind: string;
  /** Where this machine reaches them, and where others do. */
  readonly near: string;
  readonly told: string;
}

interface Home {
  readonly id: string;
  /** Kept over restarts: players who ask again find it where it was. */
  port: number;
  process: RelayProcess | null;
}

/** Relays in processes of their own, each started again when it ends: no work of the studio ever delays a packet. */
export class HomeRelays {
  readonly #hosts: HomeHosts;
  readonly #tokenKey: Uint8Array;
  readonly #homes: readonly Home[];
  #isOver = false;

  /** `firstPort` 0 lets the system choose; else they take it and those that follow. */
  static async start(
    hosts: HomeHosts,
    count: number,
    firstPort: number,
    tokenKey: Uint8Array,
  ): Promise<HomeRelays> {
    const relays = new HomeRelays(hosts, count, firstPort, tokenKey);
    await Promise.all(relays.#homes.map((home) => relays.#start(home)));
    return relays;
  }

  private constructor(hosts: HomeHosts, count: number, firstPort: number, tokenKey: Uint8Array) {
    this.#hosts = hosts;
    this.#tokenKey = tokenKey;
    this.#homes = Array.from({ length: count }, (_, i) => ({
      id: i === 0 ? HOME_RELAY : `${HOME_RELAY}-${i + 1}`,
      port: firstPort === 0 ? 0 : firstPort + i,
      process: null,
    }));
  }

  /** Those that listen now, as others reach them. */
  list(): readonly HomeRelay[] {
    return this.#listAt(this.#hosts.told);
  }

  /** The same, as this machine reaches them. */
  near(): readonly HomeRelay[] {
    return this.#listAt(this.#hosts.near);
  }

  #listAt(host: string): readonly HomeRelay[] {
    return this.#homes.flatMap(({ id, process }) =>
      process === null ? [] : [{ id, host, port: process.port, ...process.load() }],
    );
  }

  async #start(home: Home): Promise<void> {
    const started = await startRelayProcess(this.#hosts.bind, home.port, this.#tokenKey);
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
