import { malformedAt } from '@jamnet/economy/page';
import { namedChanges } from './named-changes.ts';
import { memberAt, pointerOf, type RulePath, withMember } from './rule-path.ts';

/** What the fields of a form know of the document that they are about, and do with it. */
export interface RuleDesk {
  /** What stands there; `undefined` where nothing does. */
  at(path: RulePath): unknown;
  /** What stands there in the policy in force. */
  before(path: RulePath): unknown;
  /** Whether there is a policy to compare with. */
  readonly compares: boolean;
  /** Whether the member, or one of it, has not its form. */
  isFaulty(path: RulePath): boolean;
  /** Members that differ there or below. */
  changesAt(path: RulePath): number;
  /** `undefined` takes the member out. */
  write(path: RulePath, value: unknown): void;
}

export function ruleDesk(
  document: object,
  inForce: object | null,
  onDocument: (next: object) => void,
): RuleDesk {
  const faults = malformedAt(document);
  const changes = inForce === null ? [] : namedChanges(inForce, document);
  const isWithin = (pointer: string, path: RulePath): boolean =>
    pointer === pointerOf(path) || pointer.startsWith(`${pointerOf(path)}/`);
  return {
    at: (path) => memberAt(document, path),
    before: (path) => memberAt(inForce, path),
    compares: inForce !== null,
    isFaulty: (path) => faults.some((fault) => isWithin(fault, path)),
    changesAt: (path) => changes.filter(({ pointer }) => isWithin(pointer, path)).length,
    write: (path, value) => onDocument(withMember(document, path, value)),
  };
}
