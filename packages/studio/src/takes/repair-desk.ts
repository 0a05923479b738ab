import type { Effect } from '@jamnet/mesh';
import type { TakeView } from '../live/studio-state.ts';
import { isRepairStale, keepRepair, type RepairParts } from './keep-repairs.ts';

export interface RepairDeskParts extends RepairParts {
  /** Takes were written anew. */
  readonly onChange: (takes: readonly TakeView[]) => void;
  /** A take could not be read or written; the next start finds it by `catchUp`. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Keeps repaired takes true. A repair that is taken back, because its host was proven false later, leaves the take at once: its span
 * is concealed again until others have computed it anew, and then it is repaired again.
 */
export class RepairDesk {
  readonly #parts: RepairDeskParts;
  /** Tasks whose fate changed and was not looked at yet; each is of a take that is there. */
  readonly #changed = new Set<string>();
  #work: Promise<void> | null = null;

  constructor(parts: RepairDeskParts) {
    this.#parts = parts;
  }

  /** An effect of the coordinator. Returns at once. */
  hear(effect: Effect): void {
    if (effect.type === 'accepted' && effect.task.kind === 'take.repair') this.#changed.add(effect.task.id);
    else if (effect.type === 'retracted') this.#changed.add(effect.task);
    if (this.#changed.size > 0) this.#work ??= this.#workOff();
  }

  /** What changed while nobody heard, as when the process was killed between the decision and the file. */
  async catchUp(): Promise<void> {
    for (const { id } of this.#parts.takes.views()) {
      try {
        if (await isRepairStale(this.#parts, id)) await this.#renew([id]);
      } catch (error) {
        this.#parts.onFailure(error);
      }
    }
  }

  /** When all that was heard is in the takes. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async #workOff(): Promise<void> {
    await Promise.resolve(); // The effects of one decision come one after the other.
    while (this.#changed.size > 0) {
      const tasks = [...this.#changed];
      this.#changed.clear();
      try {
        await this.#renew(await this.#takesOf(tasks));
      } catch (error) {
        this.#parts.onFailure(error);
      }
    }
    this.#work = null;
  }

  async #takesOf(tasks: readonly string[]): Promise<string[]> {
    const rows = (await this.#parts.coordinator.tasks(tasks)).filter(({ kind }) => kind === 'take.repair');
    return [...new Set(rows.map(({ subject }) => subject))];
  }

  /** Only takes that were repaired before: the first repair of a take is a step of its own, when all its tasks are done. */
  async #renew(ids: readonly string[]): Promise<void> {
    const views = this.#parts.takes.views().filter(({ id }) => ids.includes(id));
    const repaired = views.filter(({ variants }) => variants.includes('repaired'));
    for (const view of repaired) await keepRepair(this.#parts, view);
    if (repaired.length > 0) this.#parts.onChange(this.#parts.takes.views());
  }
}
