/** The shares of every row sum to this: fine enough that rounding a share never reaches a µJAM, and absolute use stays private. */
export const SHARE_UNITS = 1_000_000_000_000_000_000n;

/** `use`: one principal's money of one kind, by what he used. `merit`: the money of those with no use on record. */
export type RowRule = 'use' | 'merit';
