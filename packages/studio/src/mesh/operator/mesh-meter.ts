import type { Effect } from '@jamnet/mesh';

const WINDOW_SECONDS = 60;
/** Kinds counted by name; the catalogue holds fewer. */
const KINDS_MAX = 256;

/** What became of results since the studio started, by the coordinator's effects. Work units are whole numbers. */
export interface MeshCounts {
  readonly acceptedByKind: ReadonlyMap<string, number>;
  readonly refusedByCode: ReadonlyMap<string, number>;
  readonly checks: number;
  readonly provenFalse: number;
  readonly retracted: number;
  readonly expired: number;
  readonly failed: number;
  readonly banned: number;
  readonly releasedUnits: bigint;
  readonly forfeitedUnits: bigint;
  /** Accepted results a second over the last minute. */
  readonly acceptedPerSecond: number;
}

/** Counts decisions; `nowMs` is monotonic. */
export class MeshMeter {
  readonly #nowMs: () => number;
  readonly #acceptedByKind = new Map<string, number>();
  readonly #refusedByCode = new Map<string, number>();
  /** Accepted results of each second, by second modulo the window, with the second they are of. */
  readonly #perSecond = Array.from({ length: WINDOW_SECONDS }, () => ({ second: -1, count: 0 }));
  readonly #startedSecond: number;
  #checks = 0;
  #provenFalse = 0;
  #retracted = 0;
  #expired = 0;
  #failed = 0;
  #banned = 0;
  #releasedUnits = 0n;
  #forfeitedUnits = 0n;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedSecond = Math.floor(nowMs() / 1000);
  }

  add(effect: Effect): void {
    switch (effect.type) {
      case 'accepted':
        this.#accept(effect.task.kind);
        return;
      case 'refused':
        count(this.#refusedByCode, effect.code);
        if (effect.proven) this.#provenFalse++;
        return;
      case 'check':
        this.#checks++;
        return;
      case 'retracted':
        this.#retracted++;
        return;
      case 'expired':
        this.#expired++;
        return;
      case 'failed':
        this.#failed++;
        return;
      case 'banned':
        this.#banned++;
        return;
      case 'released':
        this.#releasedUnits += effect.work.workUnits;
        return;
      case 'forfeited':
        this.#forfeitedUnits += effect.workUnits;
        return;
    }
  }

  read(): MeshCounts {
    const second = Math.floor(this.#nowMs() / 1000);
    // The second that runs is not over, and before the first whole minute the window is shorter.
    const recent = this.#perSecond.filter(
      (each) => each.second >= second - WINDOW_SECONDS && each.second < second,
    );
    const seconds = Math.min(WINDOW_SECONDS, Math.max(1, second - this.#startedSecond));
    return {
      acceptedByKind: this.#acceptedByKind,
      refusedByCode: this.#refusedByCode,
      checks: this.#checks,
      provenFalse: this.#provenFalse,
      retracted: this.#retracted,
      expired: this.#expired,
      failed: this.#failed,
      banned: this.#banned,
      releasedUnits: this.#releasedUnits,
      forfeitedUnits: this.#forfeitedUnits,
      acceptedPerSecond: recent.reduce((sum, each) => sum + each.count, 0) / seconds,
    };
  }

  #accept(kind: string): void {
    count(this.#acceptedByKind, kind);
    const second = Math.floor(this.#nowMs() / 1000);
    const bucket = this.#perSecond[second % WINDOW_SECONDS];
    if (!bucket) return; // Unreachable: the list has one for each remainder.
    if (bucket.second !== second) {
      bucket.second = second;
      bucket.count = 0;
    }
    bucket.count++;
  }
}

function count(counts: Map<string, number>, name: string): void {
  if (counts.size < KINDS_MAX || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
}
