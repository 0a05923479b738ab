import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import { REALTIME_NODE_FLAGS } from '@jamnet/jambox';

export type Line = Readonly<Record<string, unknown>>;

/** A child process that takes JSON options and prints JSON lines. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #ended: Promise<void>;
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(entry: URL, options: object) {
    const args = [...REALTIME_NODE_FLAGS, fileURLToPath(entry), JSON.stringify(options)];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (text) => {
        this.#lines.push(JSON.parse(text));
        this.#wake();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#isOver = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** The first line of that type; fails when the process ends or reports an error before it. One caller at a time. */
  async line(type: string): Promise<Line> {
    for (;;) {
      const found = this.#lines.find((line) => line.type === type);
      if (found !== undefined) return found;
      const error = this.#lines.find((line) => line.type === 'error');
      if (error !== undefined || this.#isOver)
        throw new Failure('bench-process-failed', `no "${type}" came: ${JSON.stringify(error ?? null)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
