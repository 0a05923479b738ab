import { Failure, toHex } from '@jamnet/base';
import { runChild } from '../processes/child-program.ts';

export interface RelayProcess {
  readonly host: string;
  readonly port: number;
  /** As of its last word, at most about a second old. */
  load(): { readonly rooms: number; readonly players: number };
  stop(): Promise<void>;
}

/** The relay runs in a process of its own, so that no work of the studio ever delays a packet. */
export async function startRelayProcess(host: string, tokenKey: Uint8Array): Promise<RelayProcess> {
  let settle: { resolve: (port: number) => void; reject: (cause: unknown) => void } | undefined;
  const listening = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let load = { rooms: 0, players: 0 };
  const child = runChild({
    entry: new URL('../relay/main.ts', import.meta.url),
    urgent: true,
    options: { host, port: 0, tokenKeyHex: toHex(tokenKey) },
    onLine: (line) => {
      // JSON Lines of our own relay program.
      const {
        type,
        port,
        rooms = 0,
        players = 0,
      } = line as {
        type?: string;
        port?: number;
        rooms?: number;
        players?: number;
      };
      if (type === 'listening' && port !== undefined) settle?.resolve(port);
      if (type === 'stats') load = { rooms, players };
    },
  });
  child.ended.then(
    () => settle?.reject(new Failure('relay-ended', 'the relay ended before it listened')),
    settle?.reject,
  );
  const port = await listening;
  return { host, port, load: () => load, stop: () => child.stop(1000) };
}
