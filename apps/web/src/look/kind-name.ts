import { type Kind, kindOf } from '../api/kinds.ts';

/** A kind of contribution in the reader's language; the studio's own name for one that this page does not know. */
export function kindName(name: string, kinds: Readonly<Record<Kind, string>>): string {
  const kind = kindOf(name);
  return kind === null ? name : kinds[kind];
}
