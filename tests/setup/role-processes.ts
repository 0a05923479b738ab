import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnCli } from './studio-process.ts';

const POLL_MS = 100;
/** Of what a process said last, for whoever asks why it ended. */
const SAID_MAX = 4_000;

/** What all processes of one studio are told. */
export interface RoleWorld {
  readonly directory: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly rootSecretHex: string;
}

/** One process of a studio in several, which can be killed and is then started again where it was. */
export class RoleProcess {
  readonly name: string;
  readonly dataDirectory: string;
  readonly #world: RoleWorld;
  readonly #roles: string;
  #child: ChildProcess | null = null;
  #url = '';
  #said = '';

  /** `name` as in `api-1`: the role, and which of them. */
  constructor(world: RoleWorld, name: string) {
    this.name = name;
    this.#world = world;
    this.#roles = name.replace(/-\d+$/, '');
    this.dataDirectory = join(world.directory, name);
    mkdirSync(this.dataDirectory);
  }

  /** Where it answers, the same after each start. */
  get url(): string {
    return this.#url;
  }

  get said(): string {
    return this.#said;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const { databaseUrl, natsUrl, rootSecretHex } = this.#world;
    const port = this.#url === '' ? '0' : new URL(this.#url).port;
    const words = ['up', '--roles', this.#roles, '--port', port, '--no-sample', '--json'];
    const child = spawnCli([...words, '--data', this.dataDirectory], {
      DATABASE_URL: databaseUrl,
      NATS_URL: natsUrl,
      JAMNET_ROOT_SECRET: rootSecretHex,
    });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-SAID_MAX);
    });
    if (child.stdout === null) throw new Error('it has no output');
    for await (const line of createInterface({ input: child.stdout })) {
      // JSON lines of our own program.
      const { event, url } = JSON.parse(line) as { event?: string; url?: string };
      if (event !== 'listening' || url === undefined) continue;
      this.#url = url;
      // What it says from here on must go somewhere.
      child.stdout.resume();
      return;
    }
    throw new Error(`${this.name} ended before it listened: ${this.#said}`);
  }

  /** As the kernel ends what needs too much memory: nothing is said to anybody. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Whether it says that it is well: its database, its log and what it runs. */
  async isReady(): Promise<boolean> {
    try {
      const answer = await fetch(new URL('/api/ready', this.#url), { signal: AbortSignal.timeout(2_000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

/** Asks ten times a second until it holds; answers after how many ms, and fails with the sentence after the limit. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs: number,
  sentence: () => string,
): Promise<number> {
  const beganMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - beganMs > limitMs)
      throw new Error(`After ${Math.round(limitMs / 1_000)} s: ${sentence()}`);
    await delay(POLL_MS);
  }
  return performance.now() - beganMs;
}

/** Does a work until it does not fail, ten times a second at most; fails as it failed last after the limit. */
export async function insist<T>(work: () => Promise<T>, limitMs: number): Promise<T> {
  const beganMs = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (cause) {
      if (performance.now() - beganMs > limitMs) throw cause;
      await delay(POLL_MS);
    }
  }
}
