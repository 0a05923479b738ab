/** What the thread is told when it starts. */
export interface HashThreadOptions {
  readonly chunkCount: number;
}

/** Results to hash: places in `buffer`, which goes to the thread and comes back with the answer. */
export interface HashJob {
  readonly job: number;
  readonly buffer: ArrayBuffer;
  /** Offset and bytes of each result, in turn. */
  readonly places: readonly number[];
}

export interface HashedJob {
  readonly job: number;
  readonly buffer: ArrayBuffer;
  /** In the order of the results. */
  readonly commitments: readonly { readonly resultHash: string; readonly chunkHashes: readonly string[] }[];
}
