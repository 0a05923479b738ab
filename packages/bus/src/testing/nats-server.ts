import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server of its own for tests. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** 0 if it could not be started. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Debian's package puts it where only root's PATH leads. */
const PLACES = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];

/** The program `nats-server` of this machine; null without one. */
export function natsServerProgram(): string | null {
  return PLACES.map((place) => join(place, 'nats-server')).find((file) => existsSync(file)) ?? null;
}

/** Starts it on loopback; `port` −1 lets the system choose. */
export async function startNatsServer(
  program: string,
  port = -1,
  flags: readonly string[] = [],
): Promise<NatsServer> {
  const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port), ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const chosen = await listeningPort(child);
  return {
    url: `nats://127.0.0.1:${chosen}`,
    port: chosen,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  let port = 0;
  if (child.stderr !== null)
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      port = Number(/client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? port);
      if (line.includes('Server is ready') && port > 0) {
        // What it says from here on must go somewhere.
        child.stderr.resume();
        return port;
      }
    }
  throw new Error(`nats-server did not start: ${said.join('\n')}`);
}
