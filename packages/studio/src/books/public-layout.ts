/** Paths inside the public directory: with these files alone anybody can audit the studio. */
export const PUBLIC = {
  /** The transparency log: checkpoint and tiles. */
  log: 'log/',
  /** The log's verifier key, for readers who have it from nowhere else. */
  vkey: 'log.vkey',
  /** JSON list of the ids of closed epochs, oldest first. */
  epochs: 'epochs.json',
  epoch: (id: string): string => `epochs/${id}.json`,
  /** JSON list of the ids of proposed policies, oldest first; absent where nothing was ever proposed. */
  proposals: 'proposals.json',
  /** What the log's leaves of a proposal and its decision are the hashes of. */
  proposal: (id: string): string => `proposals/${id}.json`,
  /** One file per performance that was forecast live. */
  groove: 'groove/',
} as const;

/** Closed epochs an audit walks through: a thousand months. */
export const EPOCHS_MAX = 1000;
