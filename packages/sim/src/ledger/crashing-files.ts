import type { Chance } from '@jamnet/base';
import type { LogFiles } from '@jamnet/ledger';

/** The process is gone; whatever ran stops here. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

export type FileBug = 'checkpoint-first' | 'no-flush' | 'torn-write';

/**
 * A file system in memory whose process dies at a chosen write. A write is whole or absent (temporary file and rename),
 * but until the next flush its name may be lost with the crash, each file by its own chance.
 */
export class CrashingFiles implements LogFiles {
  readonly #chance: Chance;
  readonly #bug: string | null;
  readonly #durable = new Map<string, Uint8Array>();
  /** Visible, but not yet safe. */
  readonly #volatile = new Map<string, Uint8Array>();
  /** Held back by the bug `checkpoint-first`. */
  readonly #late: [string, Uint8Array][] = [];
  #writesLeft = Number.POSITIVE_INFINITY;
  /** Called after each write of the checkpoint, as a reader of the web server would see it. */
  onCheckpoint: (note: Uint8Array) => Promise<void> = async () => {};

  constructor(chance: Chance, bug: string | null) {
    this.#chance = chance;
    this.#bug = bug;
  }

  /** The process dies at this many-th write or flush from now. */
  crashAfter(writes: number): void {
    this.#writesLeft = writes;
  }

  /** What a crash leaves behind; the next process finds it. */
  restart(): void {
    this.#writesLeft = Number.POSITIVE_INFINITY;
    this.#late.length = 0;
    for (const [path, bytes] of this.#volatile) if (this.#chance.below(2)) this.#durable.set(path, bytes);
    this.#volatile.clear();
  }

  readonly read = async (path: string): Promise<Uint8Array | null> =>
    this.#volatile.get(path) ?? this.#durable.get(path) ?? null;

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const dies = this.#tick();
    if (dies && this.#bug === 'torn-write')
      this.#volatile.set(path, bytes.slice(0, this.#chance.below(bytes.length)));
    if (dies) throw new SimulatedCrash();
    if (this.#bug === 'checkpoint-first' && path !== 'checkpoint') {
      this.#late.push([path, bytes]);
      return;
    }
    this.#volatile.set(path, bytes);
    if (path !== 'checkpoint') return;
    await this.onCheckpoint(bytes);
    for (const [name, held] of this.#late.splice(0)) this.#volatile.set(name, held);
  }

  async flush(): Promise<void> {
    if (this.#tick()) throw new SimulatedCrash();
    if (this.#bug !== 'no-flush') this.#settle();
  }

  async removeFolder(path: string): Promise<void> {
    if (this.#tick()) throw new SimulatedCrash();
    for (const files of [this.#volatile, this.#durable]) {
      for (const name of files.keys()) if (name.startsWith(`${path}/`)) files.delete(name);
    }
  }

  async lock(): Promise<() => void> {
    return () => {};
  }

  #settle(): void {
    for (const [path, bytes] of this.#volatile) this.#durable.set(path, bytes);
    this.#volatile.clear();
  }

  #tick(): boolean {
    return --this.#writesLeft === 0;
  }
}
