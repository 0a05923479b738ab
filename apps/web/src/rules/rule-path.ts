/** Names from the policy down to a member. */
export type RulePath = readonly string[];

/** As JSON Pointer (RFC 6901). */
export function pointerOf(path: RulePath): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function pathOf(pointer: string): RulePath {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands there, or `undefined` where nothing does. */
export function memberAt(document: unknown, path: RulePath): unknown {
  let found = document;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** The document with another value there; `undefined` takes the member out. */
export function withMember(document: object, path: RulePath, value: unknown): object {
  const [name, ...below] = path;
  if (name === undefined) return document;
  if (below.length === 0) {
    if (value !== undefined) return { ...document, [name]: value };
    return Object.fromEntries(Object.entries(document).filter(([each]) => each !== name));
  }
  const inner = memberAt(document, [name]);
  const isObject = typeof inner === 'object' && inner !== null;
  return { ...document, [name]: withMember(isObject ? inner : {}, below, value) };
}
