import { readFile, rename, writeFile } from 'node:fs/promises';
import type { StopCause } from './core/steady-compare.ts';
import { TrialBook } from './trial-book.ts';

/** What the gate found of a change. */
export type Verdict =
  | {
      readonly kind: 'judged';
      /** Statements that came with neutral hunks only, or have no effect by themselves. */
      readonly keys: readonly string[];
    }
  /** After the change the workload does not run. `isFinal`: not because it met a time limit that another run might keep. */
  | { readonly kind: 'does-not-run'; readonly isFinal: boolean }
  /** Nothing can be said yet: another run goes on where this one stopped. */
  | { readonly kind: 'unfinished'; readonly cause: StopCause };

/**
 * What a verdict file holds, else what `check` finds, kept there if it is final. What `check` asked of replays is kept beside it until
 * then. No path: nothing is kept.
 */
export async function rememberedVerdict(
  path: string | null,
  check: (trials: TrialBook) => Promise<Verdict>,
): Promise<Verdict> {
  const known = path === null ? undefined : await readVerdict(path);
  if (known !== undefined) return known;
  const trials = await TrialBook.open(path === null ? null : `${path}.trials`);
  const found = await check(trials);
  if (path === null || !isFinal(found)) return found;
  await writeFile(`${path}.${process.pid}`, JSON.stringify(found.kind === 'judged' ? found.keys : null));
  await rename(`${path}.${process.pid}`, path);
  await trials.remove();
  return found;
}

function isFinal(verdict: Verdict): boolean {
  return verdict.kind === 'judged' || (verdict.kind === 'does-not-run' && verdict.isFinal);
}

async function readVerdict(path: string): Promise<Verdict | undefined> {
  try {
    const keys: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (keys === null) return { kind: 'does-not-run', isFinal: true };
    const areKeys = Array.isArray(keys) && keys.every((key) => typeof key === 'string');
    return areKeys ? { kind: 'judged', keys } : undefined;
  } catch {
    // Not there or unreadable: the change is checked anew.
    return undefined;
  }
}
