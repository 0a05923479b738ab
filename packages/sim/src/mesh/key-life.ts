import {
  type Agreement,
  affordableUnits,
  decideCheck,
  judgeAgreements,
  type KeyedDraw,
  mayRelease,
  releasableCount,
  settleSample,
  type TrustPolicy,
} from '@jamnet/mesh';
import type { Account } from './account.ts';
import { type Lie, SIM_CHUNKS, type SimTask } from './sim-task.ts';
import type { Wish } from './task-queue.ts';

const AGREED_MILLI_DECIBEL = 138_000;
const ALL_CHUNKS = Array.from({ length: SIM_CHUNKS }, (_, chunk) => chunk);

interface Held {
  /** The task's id, by the name that {@link settleSample} knows. */
  readonly task: string;
  readonly of: SimTask;
  readonly lie: Lie;
  verified: boolean;
}

/** What a key lives in. */
export interface KeyWorld {
  readonly policy: TrustPolicy;
  readonly account: Account;
  readonly lieMilliDecibel: number;
  readonly drawFor: (task: string) => KeyedDraw;
  /** A task that somebody else shall compute. */
  readonly requeue: (task: SimTask) => void;
}

/** One key against the real trust policy: the coordinator's decisions about it, without the coordinator's store. */
export class KeyLife {
  readonly #world: KeyWorld;
  #held: Held[] = [];
  #heldUnits = 0n;
  #revealed = 0;
  #consecutiveValid = 0;
  #provenFakes = 0;
  #halfPrecision = false;
  #banned = false;

  constructor(world: KeyWorld) {
    this.#world = world;
  }

  get returned(): number {
    return this.#revealed;
  }

  get banned(): boolean {
    return this.#banned;
  }

  /** Its standing, as the coordinator's row has it. */
  get standing() {
    const [heldUnits, consecutiveValid, provenFakes] = [
      this.#heldUnits,
      this.#consecutiveValid,
      this.#provenFakes,
    ];
    return { revealed: this.#revealed, heldUnits, consecutiveValid, provenFakes };
  }

  get wish(): Wish {
    const workUnitsMax = affordableUnits(this.#world.policy, this.#heldUnits);
    return { workUnitsMax, exactOnly: this.#halfPrecision };
  }

  reveal(task: SimTask, lie: Lie): void {
    const { policy, drawFor } = this.#world;
    const scope = decideCheck(
      policy,
      this.standing,
      { workUnits: task.workUnits, chunkCount: SIM_CHUNKS },
      drawFor(task.id),
    );
    this.#revealed++;
    const chunks = scope.scope === 'none' ? [] : scope.scope === 'one' ? [scope.chunk] : ALL_CHUNKS;
    const held: Held = { task: task.id, of: task, lie, verified: scope.scope === 'all' };
    const verdict = this.#rerun(held, chunks);
    if (verdict === 'valid') this.#accept(held);
    else this.#refuse(task, verdict);
  }

  /** The epoch closes: a last look, then all that stands is paid. */
  settle(): void {
    const { policy, drawFor } = this.#world;
    const unverified = this.#held.filter((held) => !held.verified);
    for (const held of settleSample(policy, unverified, drawFor)) {
      const verdict = this.#rerun(held, [drawFor(held.task).keyedUnitBelow(SIM_CHUNKS, 'settle chunk')]);
      if (!this.#held.includes(held)) continue; // Taken back since, for another of the sample.
      if (verdict === 'valid') continue;
      this.#drop(held);
      this.#refuse(held.of, verdict);
    }
    this.#release(this.#held.length);
  }

  #rerun(held: Held, chunks: readonly number[]): 'valid' | 'precision' | 'fake' {
    const { account, lieMilliDecibel } = this.#world;
    const { tolerance, workUnits } = held.of;
    account.rerunUnits += (Number(workUnits) * chunks.length) / SIM_CHUNKS;
    const agreements = chunks.map((chunk): Agreement => {
      const lied = ((held.lie >> chunk) & 1) === 1;
      if (tolerance.rule === 'exact') return { chunk, equal: !lied, milliDecibel: null };
      return { chunk, equal: false, milliDecibel: lied ? lieMilliDecibel : AGREED_MILLI_DECIBEL };
    });
    return judgeAgreements(tolerance, agreements).verdict;
  }

  #accept(held: Held): void {
    const { account, policy } = this.#world;
    account.accepted++;
    if (held.lie !== 0) account.acceptedFalse++;
    this.#consecutiveValid++;
    this.#held.push(held);
    this.#heldUnits += held.of.workUnits;
    if (!mayRelease(policy, this.#consecutiveValid)) return;
    this.#release(
      releasableCount(
        policy,
        this.#heldUnits,
        this.#held.map(({ of }) => of),
      ),
    );
  }

  #release(count: number): void {
    for (const { of } of this.#held.splice(0, count)) {
      this.#heldUnits -= of.workUnits;
      this.#world.account.earnedUnits += Number(of.workUnits);
    }
  }

  #refuse(task: SimTask, verdict: 'precision' | 'fake'): void {
    this.#world.requeue(task);
    this.#consecutiveValid = 0;
    if (verdict === 'fake') this.#punish();
    else this.#lookBack();
  }

  /** Less than single precision: no float tasks any more; what was not re-run whole is, and stands where it agrees. */
  #lookBack(): void {
    this.#halfPrecision = true;
    for (const held of this.#held.filter(({ verified }) => !verified)) {
      held.verified = true;
      if (this.#rerun(held, ALL_CHUNKS) === 'valid') continue;
      this.#drop(held);
      this.#world.requeue(held.of);
    }
  }

  /** Accepted before, now found false: it earns nothing. */
  #drop(held: Held): void {
    const { account } = this.#world;
    this.#held.splice(this.#held.indexOf(held), 1);
    this.#heldUnits -= held.of.workUnits;
    account.accepted--;
    if (held.lie !== 0) account.acceptedFalse--;
  }

  /** All held pay is lost, what was not re-run whole is taken back, and at the limit the key is banned. */
  #punish(): void {
    const { account, policy, requeue } = this.#world;
    account.proven++;
    for (const { of, lie, verified } of this.#held) {
      if (verified) continue;
      account.accepted--;
      if (lie !== 0) account.acceptedFalse--;
      account.takenBack++;
      requeue(of);
    }
    this.#held = [];
    this.#heldUnits = 0n;
    this.#provenFakes++;
    if (this.#provenFakes < policy.fakesUntilBan || this.#banned) return;
    account.bans++;
    this.#banned = true;
  }
}
