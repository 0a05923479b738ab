import { canonicalJson } from '@jamnet/base';

/** One member that differs; `null` where a side has none. Values are canonical JSON. */
export interface PolicyChange {
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What changes from one policy document to the next, member by member, in code-unit order of the paths. */
export function diffPolicies(before: object, after: object): PolicyChange[] {
  const [a, b] = [leaves(before, ''), leaves(after, '')];
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths
    .map((path) => ({ path, before: a.get(path) ?? null, after: b.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

function leaves(value: unknown, path: string): Map<string, string> {
  const found = new Map<string, string>();
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      found.set(path, canonicalJson(value));
    return found;
  }
  for (const [key, member] of Object.entries(value)) {
    const below = leaves(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    for (const [at, text] of below) found.set(at, text);
  }
  return found;
}
