import type { LineCounts } from './lcov.ts';

/**
 * Paths of a tree for the paths that a coverage tool wrote: relative ones as they are, absolute ones below the one folder under
 * which most of them lie in the tree. So a library's file that happens to be called like one of the tree counts for nothing.
 */
export function locateSources(counts: LineCounts, tree: ReadonlySet<string>): LineCounts {
  const written = [...counts.keys()].map((path) => path.replaceAll('\\', '/'));
  const top = topFolder(written, tree);
  const found = new Map<string, ReadonlyMap<number, number>>();
  for (const [path, lines] of counts) {
    const plain = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
    const below = isAbsolute(plain)
      ? top !== null && plain.startsWith(top)
        ? plain.slice(top.length)
        : null
      : plain;
    if (below !== null && tree.has(below)) found.set(below, lines);
  }
  return found;
}

/** The folder (ending in `/`) that turns most absolute paths into paths of the tree; of equals the first by name. */
function topFolder(written: readonly string[], tree: ReadonlySet<string>): string | null {
  const votes = new Map<string, number>();
  for (const path of written) {
    if (!isAbsolute(path)) continue;
    for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) {
      if (!tree.has(path.slice(cut + 1))) continue;
      const folder = path.slice(0, cut + 1);
      votes.set(folder, (votes.get(folder) ?? 0) + 1);
    }
  }
  const [best] = [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return best?.[0] ?? null;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}
