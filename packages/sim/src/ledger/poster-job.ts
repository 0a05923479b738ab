/** What one posting process is to do; goes through its command line. */
export interface PosterJob {
  readonly name: string;
  /** Folder of the SQLite file; not used with `databaseUrl`. */
  readonly directory: string;
  readonly databaseUrl?: string;
  readonly logDirectory: string;
  /** Requests under keys of its own, and under keys that all processes use. */
  readonly own: number;
  readonly shared: number;
}

export const POSTER_BATCH = 20;
export const POSTER_ORIGIN = 'processes.invalid/log';
export const POSTER_SEED = new Uint8Array(32).fill(5);
