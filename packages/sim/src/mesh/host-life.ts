import type { Chance } from '@jamnet/base';
import {
  type Agreement,
  type CheckScope,
  decideCheck,
  judgeAgreements,
  type KeyedDraw,
  mayRelease,
  releasableCount,
  type Tolerance,
  type TrustPolicy,
} from '@jamnet/mesh';
import type { Lie, Strategy } from './host-strategies.ts';

/** A task of the simulation. */
export interface SimTask {
  readonly id: string;
  readonly workUnits: bigint;
  readonly tolerance: Tolerance;
}

export const SIM_CHUNKS = 8;
const AGREED_MILLI_DECIBEL = 138_000;

interface Held {
  readonly workUnits: bigint;
  readonly lie: Lie;
  readonly verified: boolean;
}

/** What a host's life added up to, in thousandths of a work unit where cost is part of it. */
export interface Account {
  tasks: number;
  leasedUnits: bigint;
  earnedUnits: bigint;
  /** Units it computed in truth, in eighths. */
  computedEighths: bigint;
  acceptedBad: number;
  accepted: number;
  /** Units re-run by trusted hosts, in eighths. */
  recheckedEighths: bigint;
  /** The part of it that the last settlement asked for, because pay was to be released without a stake left. */
  settledEighths: bigint;
  bans: number;
  precisionRefusals: number;
}

/** One host against the real trust policy, task by task; the coordinator's rules without its store. */
export class HostLife {
  readonly account: Account;
  readonly #policy: TrustPolicy;
  readonly #strategy: Strategy;
  readonly #chance: Chance;
  #held: Held[] = [];
  #heldUnits = 0n;
  #revealed = 0;
  #consecutiveValid = 0;
  #provenFakes = 0;
  #halfPrecision = false;
  #out = false;

  constructor(policy: TrustPolicy, strategy: Strategy, chance: Chance) {
    this.#policy = policy;
    this.#strategy = strategy;
    this.#chance = chance;
    this.account = {
      tasks: 0,
      leasedUnits: 0n,
      earnedUnits: 0n,
      computedEighths: 0n,
      acceptedBad: 0,
      accepted: 0,
      recheckedEighths: 0n,
      settledEighths: 0n,
      bans: 0,
      precisionRefusals: 0,
    };
  }

  /** `checks` draws for the task alone, as the coordinator's does. */
  take(task: SimTask, checks: KeyedDraw): void {
    if (this.#out || (this.#halfPrecision && task.tolerance.rule === 'snr')) return;
    const { account } = this;
    account.tasks++;
    account.leasedUnits += task.workUnits;
    const situation = { returned: this.#revealed, chunkCount: SIM_CHUNKS, workUnits: task.workUnits };
    const drawn = this.#strategy.lie(situation, this.#chance);
    if (drawn === null) return; // Its deadline passes; somebody else gets the task, and it earns nothing for it.
    const poor = this.#strategy.lieMilliDecibel >= 60_000;
    const lie = poor && task.tolerance.rule === 'exact' ? [] : drawn;
    account.computedEighths += task.workUnits * BigInt(poor ? SIM_CHUNKS : SIM_CHUNKS - lie.length);
    const trust = {
      revealed: this.#revealed,
      consecutiveValid: this.#consecutiveValid,
      provenFakes: this.#provenFakes,
      heldUnits: this.#heldUnits,
    };
    const scope = decideCheck(
      this.#policy,
      trust,
      { workUnits: task.workUnits, chunkCount: SIM_CHUNKS },
      checks,
    );
    this.#revealed++;
    const chunks = chunksOf(scope);
    account.recheckedEighths += task.workUnits * BigInt(chunks.length);
    const finding = judgeAgreements(
      task.tolerance,
      chunks.map((chunk) => this.#agreement(task.tolerance, chunk, lie)),
    );
    if (finding.verdict === 'valid')
      this.#accept({ workUnits: task.workUnits, lie, verified: scope.scope === 'all' });
    else this.#refuse(finding.verdict);
  }

  /** The epoch closes: what was not re-run whole is, then all that stands is paid. */
  settle(): void {
    while (this.#held.length > 0) {
      const held = this.#held.shift();
      if (!held) return;
      if (!held.verified) this.account.settledEighths += held.workUnits * BigInt(SIM_CHUNKS);
      this.#heldUnits -= held.workUnits;
      if (held.verified || held.lie.length === 0) this.account.earnedUnits += held.workUnits;
      else {
        this.#retract();
        if (this.#strategy.lieMilliDecibel < 60_000) this.#punish();
      }
    }
  }

  #agreement(tolerance: Tolerance, chunk: number, lie: Lie): Agreement {
    const lied = lie.includes(chunk);
    if (tolerance.rule === 'exact') return { chunk, equal: !lied, milliDecibel: null };
    return {
      chunk,
      equal: false,
      milliDecibel: lied ? this.#strategy.lieMilliDecibel : AGREED_MILLI_DECIBEL,
    };
  }

  #accept(held: Held): void {
    this.account.accepted++;
    if (held.lie.length > 0) this.account.acceptedBad++;
    this.#consecutiveValid++;
    this.#held.push(held);
    this.#heldUnits += held.workUnits;
    if (!mayRelease(this.#policy, this.#heldUnits, held.workUnits)) return;
    const released = this.#held.splice(0, releasableCount(this.#policy, this.#heldUnits, this.#held));
    for (const { workUnits } of released) {
      this.#heldUnits -= workUnits;
      this.account.earnedUnits += workUnits;
    }
  }

  #refuse(verdict: 'precision' | 'fake'): void {
    this.#consecutiveValid = 0;
    if (verdict === 'fake') {
      this.#punish();
      return;
    }
    this.account.precisionRefusals++;
    this.#halfPrecision = true;
  }

  /** A result that was accepted is taken back before anybody is paid for it. */
  #retract(): void {
    this.account.acceptedBad--;
    this.account.accepted--;
  }

  /** Forfeits all held pay, re-runs what was held unverified, bans at the limit. */
  #punish(): void {
    for (const held of this.#held) {
      if (held.verified) continue;
      this.account.recheckedEighths += held.workUnits * BigInt(SIM_CHUNKS);
      if (held.lie.length > 0) this.#retract();
    }
    this.#held = [];
    this.#heldUnits = 0n;
    this.#provenFakes++;
    if (this.#provenFakes < this.#policy.fakesUntilBan) return;
    this.account.bans++;
    this.#out = !this.#strategy.reborn;
    this.#provenFakes = 0;
    this.#revealed = 0;
    this.#consecutiveValid = 0;
  }
}

function chunksOf(scope: CheckScope): readonly number[] {
  if (scope.scope === 'none') return [];
  if (scope.scope === 'one') return [scope.chunk];
  return Array.from({ length: SIM_CHUNKS }, (_, chunk) => chunk);
}
