import type { Result } from '@jamnet/base';
import type { TaskSlot } from '../client/task-slot.ts';
import { Slot, type SlotOptions } from './slot.ts';
import type { SlotCode, SlotRun, TaskJob } from './slot-protocol.ts';

/** The program of a slot that runs models. */
const MODEL_MAIN = `${import.meta.dirname}/model-slot-main.ts`;
/** Heap beside a model: its file, the tensors at both ends. ONNX Runtime's own memory is not in it. */
const MODEL_HEAP_MB = 256;

/** The file of a hash, read as strictly as it will be run; refused when it cannot be had or is another. */
export type ModelSource = (sha256: string) => Promise<Result<Uint8Array, SlotCode>>;

/**
 * One place for a task on a host: a process for the kernels of this build, and one for models, started by the first. Of the
 * two one works at a time, because a host's owner counts tasks.
 */
export class HostSlot implements TaskSlot {
  readonly #kernels: Slot;
  readonly #options: SlotOptions;
  readonly #modelOf: ModelSource;
  #models: Slot | null = null;
  /** Times that the owner needed the machine; a model that arrives later is not begun. */
  #stops = 0;

  constructor(options: SlotOptions, modelOf: ModelSource) {
    this.#options = options;
    this.#modelOf = modelOf;
    this.#kernels = new Slot(options);
  }

  get sandbox(): Slot['sandbox'] {
    return this.#kernels.sandbox;
  }

  /** Of both, as they reported after their last jobs. */
  get residentBytes(): number {
    return this.#kernels.residentBytes + (this.#models?.residentBytes ?? 0);
  }

  /** Never rejects. The deadline counts from when the model is there. */
  async run(job: TaskJob, timeoutMs: number, resultBytesMax?: number): Promise<SlotRun> {
    if (!job.model) return this.#kernels.run(job, timeoutMs, resultBytesMax);
    const stops = this.#stops;
    const file = await this.#modelOf(job.model.sha256);
    if (!file.ok) return { outcome: file, cpuMs: 0 };
    if (stops !== this.#stops)
      return {
        outcome: { ok: false, code: 'slot-stopped', message: 'Ended: the machine is needed.' },
        cpuMs: 0,
      };
    this.#models ??= new Slot({
      ...this.#options,
      memoryMb: Math.max(MODEL_HEAP_MB, this.#options.memoryMb ?? 0),
      program: MODEL_MAIN,
    });
    return this.#models.run({ ...job, modelFile: file.value }, timeoutMs, resultBytesMax);
  }

  stop(): void {
    this.#stops++;
    this.#kernels.stop();
    this.#models?.stop();
  }

  close(): void {
    this.#stops++;
    this.#kernels.close();
    this.#models?.close();
  }
}
