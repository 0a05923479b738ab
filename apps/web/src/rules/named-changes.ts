import { diffPolicies } from '@jamnet/economy/policy-diff';
import { isLeaf, type PolicyField, type PolicyLeaf, policyFields } from '@jamnet/economy/policy-fields';
import { memberAt, pathOf, pointerOf, type RulePath } from './rule-path.ts';

/** One member that differs, as a reader knows it; `undefined` where a side has none. */
export interface NamedChange {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly path: RulePath;
  /** Null for what this page's schema does not have, as a policy of another studio may. */
  readonly field: PolicyLeaf | null;
  readonly before: unknown;
  readonly after: unknown;
}

const fields = policyFields();

/** What differs between two policies: ratios and choices of several as one, which in JSON are more. */
export function namedChanges(before: object, after: object): readonly NamedChange[] {
  const found = new Map<string, NamedChange>();
  for (const { path: pointer } of diffPolicies(before, after)) {
    const { path, field } = leafOf(pathOf(pointer));
    const at = pointerOf(path);
    found.set(at, {
      ...{ pointer: at, path, field },
      before: memberAt(before, path),
      after: memberAt(after, path),
    });
  }
  return [...found.values()];
}

function leafOf(path: RulePath): Pick<NamedChange, 'path' | 'field'> {
  let field: PolicyField | null = fields;
  for (const [depth, name] of path.entries()) {
    if (field === null) return { path, field };
    if (isLeaf(field)) return { path: path.slice(0, depth), field };
    field = below(field, name);
  }
  return { path, field: field !== null && isLeaf(field) ? field : null };
}

function below(field: Exclude<PolicyField, PolicyLeaf>, name: string): PolicyField | null {
  if (field.kind === 'entries') return field.each;
  if (field.kind === 'variants' && name === 'kind')
    return { kind: 'choice', options: field.options.map((option) => option.name) };
  const members =
    field.kind === 'group' ? field.members : field.options.flatMap(({ group }) => group.members);
  return members.find((member) => member.name === name)?.field ?? null;
}
