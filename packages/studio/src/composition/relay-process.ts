import { Failure, toHex } from '@jamnet/base';
import { runChild } from '../processes/child-program.ts';
import { type SilenceWatch, WORD_EVERY_MS, watchSilence } from '../processes/silence-watch.ts';

export interface RelayProcess {
  readonly host: string;
  readonly port: number;
  /** As of its last word, at most about a second old. */
  load(): { readonly rooms: number; readonly players: number };
  /** Resolves when the process is gone, whyever. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts a relay in a process of its own, which is killed once it hangs; `port` 0 lets the system choose. */
export async function startRelayProcess(
  host: string,
  port: number,
  tokenKey: Uint8Array,
): Promise<RelayProcess> {
  let settle: { resolve: (port: number) => void; reject: (cause: unknown) => void } | undefined;
  const listening = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let load = { rooms: 0, players: 0 };
  let watch: SilenceWatch | undefined;
  const child = runChild({
    entry: new URL('../relay/main.ts', import.meta.url),
    urgent: true,
    options: { host, port, tokenKeyHex: toHex(tokenKey), statsEveryMs: WORD_EVERY_MS },
    onLine: (line) => {
      // JSON Lines of our own relay program.
      const {
        type,
        code = 'relay-failed',
        message = 'the relay could not start',
        port,
        rooms = 0,
        players = 0,
      } = line as {
        type?: string;
        code?: string;
        message?: string;
        port?: number;
        rooms?: number;
        players?: number;
      };
      if (type === 'listening' && port !== undefined) settle?.resolve(port);
      if (type === 'error') settle?.reject(new Failure(code, message));
      if (type !== 'stats') return;
      load = { rooms, players };
      watch?.heard();
    },
  });
  child.ended.then(
    () => settle?.reject(new Failure('relay-ended', 'the relay ended before it listened')),
    settle?.reject,
  );
  const gone = (): void => watch?.end();
  const ended = child.ended.then(gone, gone);
  const listens = await listening;
  watch = watchSilence(() => void child.stop(0));
  return { host, port: listens, load: () => load, ended, stop: () => child.stop(1000) };
}
