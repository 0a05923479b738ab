import type { OnEvent } from '../client/events.ts';
import type { BandwidthBudget } from '../rules/bandwidth-budget.ts';
import type { HostRules } from '../rules/host-rules.ts';
import { judgeRules, type MachineReading, type PauseCode, type PauseReason } from '../rules/judge-rules.ts';
import type { EnergyAccount } from './energy-account.ts';
import type { WorkGate } from './work-gate.ts';

export interface GovernorOptions {
  readonly gate: WorkGate;
  readonly budget: BandwidthBudget;
  readonly energy: EnergyAccount;
  readonly readMachine: () => Promise<MachineReading>;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
  readonly onEvent: OnEvent;
  /** Told so before this process began. */
  readonly pausedByOwner?: boolean;
}

const BY_OWNER: PauseReason = {
  code: 'paused-by-owner',
  sentence: 'Paused by its owner: "jamnet node resume" goes on.',
};

/** Keeps a node's gate as the rules and its owner want it. `look` is called every few seconds by the shell. */
export class HostGovernor {
  readonly #options: GovernorOptions;
  #rules: HostRules;
  #pausedByOwner: boolean;
  #reading: MachineReading | null = null;

  constructor(rules: HostRules, options: GovernorOptions) {
    this.#rules = rules;
    this.#options = options;
    this.#pausedByOwner = options.pausedByOwner ?? false;
    options.budget.limit(rules.bandwidthMbitPerSecondMax, options.nowMs());
  }

  get rules(): HostRules {
    return this.#rules;
  }

  /** The last reading; `null` before the first look. */
  get reading(): MachineReading | null {
    return this.#reading;
  }

  pause(): void {
    this.#pausedByOwner = true;
    this.#judge();
  }

  resume(): void {
    this.#pausedByOwner = false;
    this.#judge();
  }

  obey(rules: HostRules): void {
    this.#rules = rules;
    this.#options.budget.limit(rules.bandwidthMbitPerSecondMax, this.#options.nowMs());
    this.#judge();
  }

  async look(): Promise<void> {
    this.#reading = await this.#options.readMachine();
    const { energy, nowMs } = this.#options;
    energy.sample(this.#reading.gpus, nowMs());
    this.#judge();
  }

  #judge(): void {
    const { gate, budget, nowMs, onEvent } = this.#options;
    const before = gate.reasons;
    const held = new Set<PauseCode>(before.map(({ code }) => code));
    const byRules = this.#reading ? judgeRules(this.#rules, this.#reading, held) : [];
    const debtMs = budget.waitMs(nowMs());
    const reasons = [
      ...(this.#pausedByOwner ? [BY_OWNER] : []),
      ...byRules,
      ...(debtMs > 0 ? [bandwidthReason(this.#rules, debtMs)] : []),
    ];
    gate.set(reasons);
    const codes = reasons.map(({ code }) => code).join();
    if (codes === before.map(({ code }) => code).join()) return; // Seconds left and degrees change at every look.
    onEvent(reasons.length > 0 ? { type: 'paused', reasons } : { type: 'resumed' });
  }
}

function bandwidthReason(rules: HostRules, debtMs: number): PauseReason {
  const cap = rules.bandwidthMbitPerSecondMax;
  const sentence = `The last tasks used up the cap of ${cap} Mbit/s; the next are taken in ${Math.ceil(debtMs / 1000)} s.`;
  return { code: 'bandwidth', sentence };
}
