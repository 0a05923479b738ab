import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '@jamnet/jdat';
import { issueToken } from '@jamnet/toast';
import { nodeSealCrypto } from '../crypto/node-seal-crypto.ts';
import type { PlayOptions } from '../play-options.ts';
import type { PlayReport } from '../play-report.ts';
import { REALTIME_NODE_FLAGS } from '../realtime/node-flags.ts';

const ENTRY = {
  peer: fileURLToPath(new URL('../main.ts', import.meta.url)),
  relay: fileURLToPath(new URL('../../../../packages/studio/src/relay/main.ts', import.meta.url)),
  proxy: fileURLToPath(
    new URL('../../../../packages/sim/src/network/impairment-proxy-main.ts', import.meta.url),
  ),
};
const TOKEN_KEY = new Uint8Array(32).fill(7);
const ROOM_KEY_HEX = '42'.repeat(32);

export interface Line {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A child process that speaks JSON lines. */
export class Spoken {
  readonly process: ChildProcess;
  readonly lines: Line[] = [];
  readonly ended: Promise<number | null>;
  readonly #waiting: { readonly type: string; readonly resolve: (line: Line) => void }[] = [];

  constructor(entry: keyof typeof ENTRY, options: object) {
    this.process = spawn(process.execPath, [...REALTIME_NODE_FLAGS, ENTRY[entry], JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.ended = new Promise((resolve) => this.process.once('close', resolve));
    if (this.process.stdout === null) throw new Error('no stdout');
    createInterface({ input: this.process.stdout }).on('line', (text) => this.#take(JSON.parse(text)));
  }

  #take(line: Line): void {
    this.lines.push(line);
    for (const waiting of this.#waiting) if (waiting.type === line.type) waiting.resolve(line);
  }

  /** The first line of that type, past or to come; rejects when the process ends without it. */
  async line(type: string): Promise<Line> {
    const past = this.lines.find((line) => line.type === type);
    if (past !== undefined) return past;
    const gone = this.ended.then((status): never => {
      throw new Error(`ended (${status}) without "${type}": ${JSON.stringify(this.lines.at(-1))}`);
    });
    return Promise.race([new Promise<Line>((resolve) => this.#waiting.push({ type, resolve })), gone]);
  }
}

/** Relay and impairment proxy in processes of their own, and players on request; everything ends with {@link close}. */
export class Evening {
  readonly directory = mkdtempSync(join(tmpdir(), 'jamnet-evening-'));
  readonly #children: Spoken[] = [];
  readonly #port: number;

  static async open(traceText: string, delay?: object): Promise<Evening> {
    const relay = new Spoken('relay', { host: '127.0.0.1', port: 0, tokenKeyHex: '07'.repeat(32) });
    const relayPort = (await relay.line('listening')).port;
    const traceDirectory = mkdtempSync(join(tmpdir(), 'jamnet-trace-'));
    const traceFile = join(traceDirectory, 'trace.txt');
    writeFileSync(traceFile, traceText);
    const proxy = new Spoken('proxy', {
      relay: { host: '127.0.0.1', port: relayPort },
      traceFile,
      ...(delay === undefined ? {} : { delay }),
    });
    const port = (await proxy.line('listening')).port;
    rmSync(traceDirectory, { recursive: true });
    return new Evening(Number(port), [relay, proxy]);
  }

  private constructor(port: number, children: Spoken[]) {
    this.#port = port;
    this.#children.push(...children);
  }

  get relay(): Spoken | undefined {
    return this.#children[0];
  }

  player(player: string, pcm: Float32Array, changes: Partial<PlayOptions> = {}): Spoken {
    const inputWav = join(this.directory, `${player}-input.wav`);
    writeFileSync(inputWav, encodeWav({ sampleRateHz: 48_000, channels: [pcm] }, { bitsPerSample: 16 }));
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, {
      room: 'attic',
      player,
      expiresAtUs: (Date.now() + 60_000) * 1000,
    });
    if (!token.ok) throw new Error(token.message);
    const options: PlayOptions = {
      relay: { host: '127.0.0.1', port: this.#port },
      joinToken: token.value,
      roomKeyHex: ROOM_KEY_HEX,
      room: 'attic',
      player,
      inputWav,
      outputDirectory: this.directory,
      packetFrames: 128,
      redundancyOffsets: [1, 3],
      startWhenPlayers: 2,
      consent: { record: true, train: true, strangers: false },
      ...changes,
    };
    const child = new Spoken('peer', options);
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.process.kill('SIGTERM');
    await Promise.all(this.#children.map((child) => child.ended));
    rmSync(this.directory, { recursive: true });
  }
}

export async function reportOf(player: Spoken): Promise<PlayReport> {
  return (await player.line('report')).report as PlayReport; // written by main.ts of this package
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
