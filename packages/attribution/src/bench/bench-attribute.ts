import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeRepository } from '../testing/make-repository.ts';
import { type SyntheticSize, syntheticHistory } from './synthetic-history.ts';

/** What one attribution cost, the start of its process included. */
export interface MeasuredRun {
  readonly commits: number;
  readonly statements: number;
  readonly people: number;
  readonly reportSha256: string;
  /** Processor time of the tool, without the git processes it starts. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Largest resident memory of the tool. */
  readonly memoryPeakBytes: number;
}

export interface AttributeBench {
  readonly seed: string;
  /** Nothing known yet; use is given, so no replay runs. */
  readonly cold: MeasuredRun;
  /** The same again with every blob known. */
  readonly known: MeasuredRun;
  /** After one more commit. */
  readonly oneNewCommit: MeasuredRun;
  readonly isSameAsCold: boolean;
}

export interface AttributeBenchOptions {
  readonly size: SyntheticSize;
  readonly seed: string;
  readonly onPhase?: (phase: string, seconds: number) => void;
}

/** Attributes a made-up repository cold, again, and after one more commit, each in a fresh process. */
export async function benchAttribute(options: AttributeBenchOptions): Promise<AttributeBench> {
  const { size, seed } = options;
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-bench-attribute-'));
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    const done = await work();
    options.onPhase?.(phase, (performance.now() - startMs) / 1000);
    return done;
  };
  try {
    const longer = syntheticHistory({ ...size, commits: size.commits + 1 }, seed);
    const before = await timed('making', () => makeRepository(longer.slice(0, -1), directory));
    const after = await timed('making one more', () => makeRepository(longer, directory));
    const usageFile = join(directory, 'usage.json');
    await writeFile(usageFile, JSON.stringify(syntheticUsage(longer.map((commit) => commit.files))));
    const cache = join(directory, 'cache');
    const run = (repository: string): Promise<MeasuredRun> => measuredRun([repository, cache, usageFile]);
    const cold = await timed('cold', () => run(before));
    const known = await timed('known', () => run(before));
    const oneNewCommit = await timed('one new commit', () => run(after));
    return { seed, cold, known, oneNewCommit, isSameAsCold: known.reportSha256 === cold.reportSha256 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every path the history ever held ran as often as its place in the list says: no replay, but no share is zero. */
export function syntheticUsage(changes: readonly Readonly<Record<string, unknown>>[]): unknown {
  const paths = [...new Set(changes.flatMap((files) => Object.keys(files)))].sort();
  const files = Object.fromEntries(
    paths.map((path, index) => [path, { starts: [0], counts: [index * 37 + 1] }]),
  );
  return { schema: 'jamnet/usage/v1', files };
}

async function measuredRun(words: readonly string[]): Promise<MeasuredRun> {
  const program = fileURLToPath(new URL('./measured-run-main.ts', import.meta.url));
  const startMs = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, ...words]);
  const wallMs = Math.round(performance.now() - startMs);
  // The child is our own program, a few lines away.
  return { ...(JSON.parse(stdout) as Omit<MeasuredRun, 'wallMs'>), wallMs };
}
