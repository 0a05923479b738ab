/** What the world outside was promised: every acknowledged wish, for the checkers to find again. */
export interface Known {
  /** Task ids, replicas included, by the number of their input. */
  readonly tasks: Map<string, number>;
  /** `task/node` of results that a trusted host found false. */
  readonly proven: Set<string>;
  /** Playing time by contribution. */
  readonly playing: Map<string, bigint>;
  /** Contributions of released work that were handed to the economy. */
  readonly credited: Set<string>;
  readonly receipts: Map<string, bigint>;
  readonly refunds: Map<string, bigint>;
  readonly registered: Set<string>;
  readonly redemptions: Map<string, { readonly payee: string; readonly microJam: bigint }>;
  readonly payouts: Map<string, { readonly payee: string; readonly key: string; readonly cents: bigint }>;
  /** Checkpoints that a reader could have seen. */
  readonly checkpoints: { readonly size: bigint; readonly root: Uint8Array }[];
}

export function nothingKnown(): Known {
  return {
    tasks: new Map(),
    proven: new Set(),
    playing: new Map(),
    credited: new Set(),
    receipts: new Map(),
    refunds: new Map(),
    registered: new Set(),
    redemptions: new Map(),
    payouts: new Map(),
    checkpoints: [],
  };
}
