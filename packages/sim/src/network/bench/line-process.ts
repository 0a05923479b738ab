import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';

/** Sets the scheduling class on Linux (util-linux). */
const SCHEDULER = 'chrt';
const PRIORITY = '20';

/** Whether processes may run at SCHED_FIFO here (`chrt` of util-linux, and the right to use it). */
export function mayRunRealtime(): boolean {
  return (
    process.platform === 'linux' &&
    spawnSync(SCHEDULER, ['-f', PRIORITY, 'true'], { stdio: 'ignore' }).status === 0
  );
}

export type Line = Readonly<Record<string, unknown>>;

/** A child process that takes JSON options and prints JSON lines. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #ended: Promise<void>;
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(entry: URL, options: object) {
    const args = [fileURLToPath(entry), JSON.stringify(options)];
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

  /**
   * Puts the event loop's thread, and threads it starts from now on, at SCHED_FIFO. Not the engine's own threads: with
   * those at the same priority on few cores, loops that wait for each other stop for good.
   */
  promote(): void {
    spawnSync(SCHEDULER, ['-f', '-p', PRIORITY, String(this.#child.pid)], { stdio: 'ignore' });
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
