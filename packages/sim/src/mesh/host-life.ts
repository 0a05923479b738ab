import type { Chance } from '@jamnet/base';
import type { KeyedDraw, TrustPolicy } from '@jamnet/mesh';
import { type Account, emptyAccount } from './account.ts';
import type { Strategy } from './host-strategies.ts';
import { KeyLife } from './key-life.ts';
import { chunksIn, type Lie, SIM_CHUNKS, type SimTask } from './sim-task.ts';
import type { TaskQueue } from './task-queue.ts';

export interface HostWorld {
  readonly policy: TrustPolicy;
  readonly queue: TaskQueue;
  /** Draws for the task alone, as the coordinator's does. */
  readonly drawFor: (task: string) => KeyedDraw;
}

/** Below this a lie is proven; above it is honest half precision, or cannot be told from it. */
const PROVEN_BELOW_MILLI_DECIBEL = 60_000;

/** One owner at work: a strategy, and the keys it goes through. */
export class HostLife {
  readonly account: Account = emptyAccount();
  readonly #strategy: Strategy;
  readonly #chance: Chance;
  readonly #world: HostWorld;
  readonly #keys: KeyLife[] = [];
  #key: KeyLife;

  constructor(strategy: Strategy, chance: Chance, world: HostWorld) {
    this.#strategy = strategy;
    this.#chance = chance;
    this.#world = world;
    this.#key = this.#freshKey();
  }

  /** Leases one task and does with it what its strategy says. False when there is none for it. */
  work(): boolean {
    const task = this.#world.queue.take(this.#key.wish);
    if (!task) return false;
    const { account } = this;
    account.tasks++;
    account.leasedUnits += Number(task.workUnits);
    const situation = { returned: this.#key.returned, number: task.number, workUnits: task.workUnits };
    const drawn = this.#strategy.lie(situation, this.#chance);
    if (drawn === null) {
      this.#world.queue.put(task); // Its deadline passes; somebody else gets the task, and it earns nothing for it.
      return true;
    }
    const lie = this.#possible(task, drawn);
    account.computedUnits +=
      Number(task.workUnits) * (1 - (chunksIn(lie) / SIM_CHUNKS) * (1 - this.#strategy.lieCost));
    this.#key.reveal(task, lie);
    if (this.#key.banned || this.#key.returned >= this.#strategy.keyTasks) this.#key = this.#freshKey();
    return true;
  }

  settle(): void {
    for (const key of this.#keys) key.settle();
  }

  /** Integers come out right in half precision too, or they would be proven false at once. */
  #possible(task: SimTask, lie: Lie): Lie {
    const poor = this.#strategy.lieMilliDecibel >= PROVEN_BELOW_MILLI_DECIBEL;
    return poor && task.tolerance.rule === 'exact' ? 0 : lie;
  }

  #freshKey(): KeyLife {
    const { policy, drawFor, queue } = this.#world;
    const { lieMilliDecibel } = this.#strategy;
    const requeue = (task: SimTask) => queue.put(task);
    const key = new KeyLife({ policy, drawFor, requeue, lieMilliDecibel, account: this.account });
    this.#keys.push(key);
    return key;
  }
}
