import { isLeaf, type PolicyField, type PolicyLeaf, policyFields } from '@jamnet/economy/policy-fields';
import type { ReactNode } from 'react';
import { useText } from '../language/use-text.ts';
import { memberAt, type RulePath } from './rule-path.ts';
import { useRuleValue } from './rule-value.ts';
import { useRuleWords } from './rule-words.ts';
import './rules.css';
import { rulesText } from './text.ts';

const fields = policyFields();

/** A whole policy to read, member by member with what each is for; where a file of it is, a link to that. */
export function RulesShown({
  document,
  file = null,
}: {
  readonly document: object;
  readonly file?: string | null;
}) {
  const text = useText(rulesText);
  return (
    <details className="rules-shown">
      <summary>{text.all}</summary>
      <Shown document={document} field={fields} path={[]} />
      {file !== null && <a href={file}>{text.file}</a>}
    </details>
  );
}

interface ShownProps {
  readonly document: object;
  readonly field: PolicyField;
  readonly path: RulePath;
}

function Shown({ document, field, path }: ShownProps): ReactNode {
  const shown = useRuleValue();
  const { option } = useRuleWords();
  const value = memberAt(document, path);
  if (value === undefined) return null;
  if (isLeaf(field)) return <p>{shown(value, field)}</p>;
  const kind = field.kind === 'variants' ? memberAt(value, ['kind']) : null;
  const inside = namesOf(field, value);
  return (
    <>
      {typeof kind === 'string' && <p>{option(kind)}</p>}
      {inside.length > 0 && (
        <dl>
          {inside.map(([name, each]) => (
            <Line key={name} document={document} field={each} path={[...path, name]} />
          ))}
        </dl>
      )}
    </>
  );
}

function Line({ document, field, path }: ShownProps) {
  const { called, why } = useRuleWords();
  if (memberAt(document, path) === undefined) return null;
  return (
    <div>
      <dt>
        {called(path)} <small className="quiet">{why(path)}</small>
      </dt>
      <dd>
        <Shown document={document} field={field} path={path} />
      </dd>
    </div>
  );
}

/** What belongs to a member, in the order of the schema; of named ones, in the order in which they were written. */
function namesOf(
  field: Exclude<PolicyField, PolicyLeaf>,
  value: unknown,
): readonly (readonly [string, PolicyField])[] {
  switch (field.kind) {
    case 'group':
      return field.members.map((member) => [member.name, member.field]);
    case 'variants': {
      const chosen = field.options.find(({ name }) => name === memberAt(value, ['kind']));
      return chosen === undefined ? [] : namesOf(chosen.group, value);
    }
    case 'entries':
      return typeof value === 'object' && value !== null
        ? Object.keys(value).map((name) => [name, field.each])
        : [];
  }
}
