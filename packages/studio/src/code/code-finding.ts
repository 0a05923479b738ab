import type { GatedWork } from '@jamnet/attribution';

/** What a reading of a repository found that is worth money; written by the reader, read by the filer. */
export interface CodeFinding {
  readonly repository: string;
  readonly head: string;
  /** Head of the filing before; `null`: this is the first. */
  readonly since: string | null;
  readonly inputHash: string;
  readonly toolVersion: string;
  readonly workloadSha256: string | null;
  readonly outputSha256: string | null;
  /** Why no use was measured. */
  readonly problem: string | null;
  readonly earnings: readonly {
    readonly payees: readonly string[];
    /** Decimal text, out of 10⁹. */
    readonly merit: string;
    readonly persons: readonly string[];
    readonly packages: string | null;
  }[];
  /** Names of people by id, as their commits give them. */
  readonly names: Readonly<Record<string, string>>;
  /** Statements that earn now, by key. */
  readonly earningKeys: readonly string[];
  readonly judged: JudgedStatements;
  /** Commits whose hunks the gate held back now. */
  readonly gatedWork: readonly GatedWork[];
}

/** What the gate has decided in all epochs so far, by statement key. */
export interface JudgedStatements {
  readonly head: string;
  readonly passedKeys: readonly string[];
  readonly gatedKeys: readonly string[];
}
