/**
 * `next` with every part that equals its counterpart in `previous` replaced by that very object, so that a component
 * whose part of the state stayed the same is not drawn again. Both are trees of JSON values.
 */
export function shareUnchanged<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) return shareList(previous, next);
  if (isPlain(previous) && isPlain(next)) return shareFields(previous, next);
  return next;
}

function shareList<T>(previous: readonly unknown[], next: T & readonly unknown[]): T {
  const shared = next.map((item, index) => shareUnchanged(previous[index], item));
  const same =
    shared.length === previous.length && shared.every((item, index) => Object.is(item, previous[index]));
  // Either branch has the elements of `next`, so it is a T.
  return (same ? previous : shared) as T;
}

function shareFields<T>(previous: object, next: T & object): T {
  const before = new Map<string, unknown>(Object.entries(previous));
  const fields = Object.entries(next).map(
    ([name, value]) => [name, shareUnchanged(before.get(name), value)] as const,
  );
  const same =
    fields.length === before.size && fields.every(([name, value]) => Object.is(value, before.get(name)));
  // Either branch has the fields of `next`, so it is a T.
  return (same ? previous : Object.fromEntries(fields)) as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
