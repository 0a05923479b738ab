import { KeptAlive } from '../processes/kept-alive.ts';
import { HOME_RELAY, type HomeRelay } from '../relay/directory/relay-desk.ts';
import { type RelayProcess, startRelayProcess } from './relay-process.ts';

export interface HomeHosts {
  /** Where they listen, `0.0.0.0` for all addresses. */
  readonly bind: string;
  /** Where this machine reaches them, and where others do. */
  readonly near: string;
  readonly told: string;
}

interface Home {
  readonly id: string;
  readonly kept: KeptAlive<RelayProcess>;
}

/** Relays in processes of their own, each started again when it ends: no work of the studio ever delays a packet. */
export class HomeRelays {
  readonly #hosts: HomeHosts;
  readonly #homes: readonly Home[];

  /** `firstPort` 0 lets the system choose; else they take it and those that follow. */
  static async start(
    hosts: HomeHosts,
    count: number,
    firstPort: number,
    tokenKey: Uint8Array,
  ): Promise<HomeRelays> {
    const startHome = async (_: unknown, i: number): Promise<Home> => {
      // Kept over restarts: players who ask again find it where it was.
      let port = firstPort === 0 ? 0 : firstPort + i;
      const kept = await KeptAlive.start(async () => {
        const started = await startRelayProcess(hosts.bind, port, tokenKey);
        port = started.port;
        return started;
      });
      return { id: i === 0 ? HOME_RELAY : `${HOME_RELAY}-${i + 1}`, kept };
    };
    return new HomeRelays(hosts, await Promise.all(Array.from({ length: count }, startHome)));
  }

  private constructor(hosts: HomeHosts, homes: readonly Home[]) {
    this.#hosts = hosts;
    this.#homes = homes;
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
    return this.#homes.flatMap(({ id, kept: { current } }) =>
      current === null ? [] : [{ id, host, port: current.port, ...current.load() }],
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#homes.map(({ kept }) => kept.stop()));
  }
}
