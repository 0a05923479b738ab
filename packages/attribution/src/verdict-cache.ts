import { readFile, rename, writeFile } from 'node:fs/promises';

/** What the gate found of a change. */
export interface Verdict {
  /** Statements that came with neutral hunks only; `null` when the workload does not run after the change. */
  readonly keys: readonly string[] | null;
  /** False when a time limit was met that another run might keep. */
  readonly isFinal: boolean;
}

/** What a verdict file holds, else what `check` finds, kept there if it is final. No path: nothing is kept. */
export async function rememberedVerdict(
  path: string | null,
  check: () => Promise<Verdict>,
): Promise<Verdict['keys']> {
  const known = path === null ? undefined : await readVerdict(path);
  if (known !== undefined) return known;
  const { keys, isFinal } = await check();
  if (path !== null && isFinal) {
    await writeFile(`${path}.${process.pid}`, JSON.stringify(keys));
    await rename(`${path}.${process.pid}`, path);
  }
  return keys;
}

async function readVerdict(path: string): Promise<string[] | null | undefined> {
  try {
    const verdict: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (verdict === null) return null;
    return Array.isArray(verdict) && verdict.every((key) => typeof key === 'string') ? verdict : undefined;
  } catch {
    // Not there or unreadable: the change is checked anew.
    return undefined;
  }
}
