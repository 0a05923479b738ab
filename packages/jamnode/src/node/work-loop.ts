import { Failure, present, toHex } from '@jamnet/base';
import { commitBytes, commitToResult, type LeasedWire, RESULTS_PER_MESSAGE_MAX } from '@jamnet/mesh';
import { deferred } from '../deferred.ts';
import type { Slot } from '../slot/slot.ts';
import type { OnEvent } from './events.ts';
import type { Link } from './link.ts';
import { type NodeKey, platformSha256 } from './platform-crypto.ts';

/** Changes a result before it is committed: for hosts that are built to be caught, never set in production. */
export type Tamper = (
  task: { readonly kind: string; readonly task: string },
  result: Uint8Array,
) => Uint8Array;

export interface WorkLoopOptions {
  readonly link: Link;
  readonly key: NodeKey;
  readonly slots: readonly Slot[];
  /** Longest time a task of a kind may take, ms, by `kind@version`. */
  readonly deadlineMsOf: (kind: string, version: number) => number;
  readonly onEvent: OnEvent;
  readonly tamper?: Tamper | undefined;
}

/** Asked again after so long when no news of work came. */
const IDLE_RETRY_MS = 5_000;

/** Leases tasks for all slots, runs them, commits, sends. Ends when drained or when the link closes. */
export class WorkLoop {
  readonly #options: WorkLoopOptions;
  readonly #queue: LeasedWire[] = [];
  #leasing: Promise<void> | null = null;
  #draining = false;
  #over = false;
  #wake = deferred<void>();
  #running = 0;
  sent = 0;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  async run(): Promise<void> {
    void this.#options.link.closed.then(() => {
      this.#over = true;
      this.wake();
    });
    await Promise.all(this.#options.slots.map((slot) => this.#serve(slot)));
  }

  /** There may be work. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Finishes what runs, gives back what does not, then `run` returns. */
  drain(): void {
    this.#draining = true;
    const tasks = this.#queue.splice(0).map((task) => task.task);
    if (tasks.length > 0) this.#options.link.send({ type: 'give-back', tasks });
    this.wake();
  }

  async #serve(slot: Slot): Promise<void> {
    while (!this.#draining && !this.#over) {
      const task = this.#queue.shift();
      if (task) {
        this.#running++;
        await this.#perform(slot, task);
        this.#running--;
      } else await this.#refill();
    }
  }

  /** One lease call for all slots that wait; when nothing came, waits for news. */
  #refill(): Promise<void> {
    this.#leasing ??= this.#lease().finally(() => {
      this.#leasing = null;
    });
    return this.#leasing;
  }

  async #lease(): Promise<void> {
    this.#wake = deferred<void>();
    const limit = Math.min(RESULTS_PER_MESSAGE_MAX, 2 * this.#options.slots.length);
    try {
      const answer = await this.#options.link.call({ type: 'lease', limit });
      const tasks = answer.type === 'leased' ? answer.tasks : [];
      if (tasks.length > 0) {
        this.#options.onEvent({ type: 'leased', tasks: tasks.length });
        if (this.#draining)
          return this.#options.link.send({ type: 'give-back', tasks: tasks.map((task) => task.task) });
        this.#queue.push(...tasks);
        return;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (this.#over) return;
      this.#options.onEvent({ type: 'refused', code: error.code, message: error.message });
    }
    const timer = setTimeout(() => this.wake(), IDLE_RETRY_MS);
    await this.#wake.promise;
    clearTimeout(timer);
  }

  async #perform(slot: Slot, task: LeasedWire): Promise<void> {
    try {
      await this.#compute(slot, task);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { kind, task: id } = task;
      this.#options.onEvent({
        type: 'task-dropped',
        task: id,
        kind,
        code: error.code,
        message: error.message,
      });
      this.#options.link.send({ type: 'give-back', tasks: [id] });
    }
  }

  async #compute(slot: Slot, task: LeasedWire): Promise<void> {
    const { kind, version, lease } = task;
    const input = Buffer.from(task.input, 'base64');
    if (toHex(platformSha256(input)) !== task.inputHash)
      throw new Failure('input-damaged', 'The input does not fit its hash.');
    const { outcome, cpuMs } = await slot.run(
      { kind, version, input },
      this.#options.deadlineMsOf(kind, version),
    );
    if (!outcome.ok) throw new Failure(outcome.code, outcome.message);
    const result = this.#options.tamper ? this.#options.tamper(task, outcome.value) : outcome.value;
    const { resultHash, chunkHashes } = commitToResult(platformSha256, result, task.chunkCount);
    const items = [{ task: task.task, lease, resultHash, chunkHashes: [...chunkHashes] }];
    const { link, key } = this.#options;
    const signature = toHex(key.sign(commitBytes(link.welcome.node, items)));
    acknowledged(await link.call({ type: 'commit', items, signature }));
    acknowledged(await link.call({ type: 'reveal', items: [{ task: task.task, lease, result }] }));
    this.sent++;
    this.#options.onEvent({ type: 'task-sent', task: task.task, kind, workUnits: task.workUnits, cpuMs });
  }
}

function acknowledged(answer: Awaited<ReturnType<Link['call']>>): void {
  const item = answer.type === 'leased' ? undefined : answer.items[0];
  if (!present(item, 'answer to a single item').ok)
    throw new Failure(item?.code ?? 'refused', item?.message ?? 'refused');
}
