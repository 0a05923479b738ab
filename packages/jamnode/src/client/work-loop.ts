import { Failure, fromBase64, present, toHex } from '@jamnet/base';
import {
  commitBytes,
  commitToResult,
  type LeasedWire,
  RESULTS_PER_MESSAGE_MAX,
  type Sha256,
} from '@jamnet/mesh';
import { deferred } from '../deferred.ts';
import type { WorkGate } from '../host/work-gate.ts';
import { STOPS_AT_ONCE } from '../rules/judge-rules.ts';
import type { ModelUse } from '../slot/slot-protocol.ts';
import type { OnEvent } from './events.ts';
import type { Link } from './link.ts';
import type { SigningKey } from './signing-key.ts';
import type { TaskSlot } from './task-slot.ts';

/** Changes a result before it is committed: for hosts that are built to be caught, never set in production. */
export type Tamper = (
  task: { readonly kind: string; readonly task: string },
  result: Uint8Array,
) => Uint8Array;

export interface WorkLoopOptions {
  readonly link: Link;
  readonly key: SigningKey;
  readonly sha256: Sha256;
  readonly slots: readonly TaskSlot[];
  /** What the catalogue says of a kind; `null`: it has none. */
  readonly limitsOf: (kind: string, version: number) => TaskLimits | null;
  readonly gate: WorkGate;
  /** Milliseconds to wait before the next lease, for the owner's cap of bandwidth. */
  readonly leaseDelayMs: () => number;
  readonly onEvent: OnEvent;
  readonly tamper?: Tamper | undefined;
}

export interface TaskLimits {
  readonly deadlineMs: number;
  readonly resultBytesMax: number;
  /** `null`: a kernel of this build. */
  readonly model: ModelUse | null;
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
  #gateChange = deferred<void>();
  #running = 0;
  sent = 0;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  async run(): Promise<void> {
    const { link, gate, slots } = this.#options;
    void link.closed.then(() => {
      this.#over = true;
      this.#changed();
    });
    const ignore = gate.onChange(() => this.#obeyGate());
    await Promise.all(slots.map((slot, index) => this.#serve(slot, index)));
    ignore();
  }

  /** There may be work. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Finishes what runs, gives back what does not, then `run` returns. */
  drain(): void {
    this.#draining = true;
    this.#giveBackQueue();
    this.#changed();
  }

  /** Closed: what waits goes back, and what runs is ended where the owner needs the machine now. */
  #obeyGate(): void {
    const { gate, slots } = this.#options;
    if (!gate.isOpen) {
      this.#giveBackQueue();
      if (gate.reasons.some(({ code }) => STOPS_AT_ONCE.has(code))) for (const slot of slots) slot.stop();
    }
    this.#changed();
  }

  #giveBackQueue(): void {
    const tasks = this.#queue.splice(0).map((task) => task.task);
    if (tasks.length > 0) this.#options.link.send({ type: 'give-back', tasks });
  }

  #changed(): void {
    const before = this.#gateChange;
    this.#gateChange = deferred<void>();
    before.resolve();
    this.wake();
  }

  async #serve(slot: TaskSlot, index: number): Promise<void> {
    while (!this.#draining && !this.#over) {
      if (!this.#options.gate.isOpen) {
        await this.#gateChange.promise;
        continue;
      }
      const task = this.#queue.shift();
      if (task) {
        this.#running++;
        const { task: id, kind } = task;
        this.#options.onEvent({ type: 'task-started', task: id, kind, slot: index });
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
    const delayMs = this.#options.leaseDelayMs();
    if (delayMs > 0) return this.#sleep(delayMs);
    const limit = Math.min(RESULTS_PER_MESSAGE_MAX, 2 * this.#options.slots.length);
    try {
      const answer = await this.#options.link.call({ type: 'lease', limit });
      const tasks = answer.type === 'leased' ? answer.tasks : [];
      if (tasks.length > 0) {
        this.#options.onEvent({ type: 'leased', tasks: tasks.length });
        if (this.#draining || !this.#options.gate.isOpen)
          return this.#options.link.send({ type: 'give-back', tasks: tasks.map((task) => task.task) });
        this.#queue.push(...tasks);
        return;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (this.#over) return;
      this.#options.onEvent({ type: 'refused', code: error.code, message: error.message });
    }
    await this.#sleep(IDLE_RETRY_MS);
  }

  /** Until something happened, and no longer than this. */
  async #sleep(ms: number): Promise<void> {
    const timer = setTimeout(() => this.wake(), ms);
    await this.#wake.promise;
    clearTimeout(timer);
  }

  async #perform(slot: TaskSlot, task: LeasedWire): Promise<void> {
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

  async #compute(slot: TaskSlot, task: LeasedWire): Promise<void> {
    const { kind, version, lease } = task;
    const { link, key, sha256 } = this.#options;
    const limits = this.#options.limitsOf(kind, version);
    if (!limits)
      throw new Failure('kernel-unknown', `${kind} version ${version} was not offered by this node.`);
    const input = fromBase64(task.input);
    if (!input || toHex(sha256(input)) !== task.inputHash)
      throw new Failure('input-damaged', 'The input does not fit its hash.');
    const job = { kind, version, input, model: limits.model };
    const { outcome, cpuMs } = await slot.run(job, limits.deadlineMs, limits.resultBytesMax);
    if (!outcome.ok) throw new Failure(outcome.code, outcome.message);
    const result = this.#options.tamper ? this.#options.tamper(task, outcome.value) : outcome.value;
    const { resultHash, chunkHashes } = commitToResult(sha256, result, task.chunkCount);
    const items = [{ task: task.task, lease, resultHash, chunkHashes: [...chunkHashes] }];
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
