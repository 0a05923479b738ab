import {
  blankOf,
  blankVariant,
  isLeaf,
  type PolicyEntries,
  type PolicyField,
  type PolicyGroup,
  type PolicyVariants,
} from '@jamnet/economy/policy-fields';
import type { ReactNode } from 'react';
import { useText } from '../language/use-text.ts';
import { SelectField } from '../look/select-field.tsx';
import { NewEntry } from './new-entry.tsx';
import type { RuleDesk } from './rule-desk.ts';
import { RuleLeaf } from './rule-leaf.tsx';
import { pointerOf, type RulePath } from './rule-path.ts';
import { useRuleWords } from './rule-words.ts';
import { rulesText } from './text.ts';

interface RuleProps<Field extends PolicyField = PolicyField> {
  readonly path: RulePath;
  readonly field: Field;
  readonly isOptional: boolean;
  readonly desk: RuleDesk;
}

/** A member of the rules with all that belongs to it; one that can be left out is put in and taken out by its box. */
export function RuleField({ path, field, isOptional, desk }: RuleProps) {
  const text = useText(rulesText);
  if (isLeaf(field) && field.kind !== 'several')
    return <RuleLeaf path={path} field={field} isOptional={isOptional} desk={desk} />;
  const isThere = desk.at(path) !== undefined;
  return (
    <>
      {isOptional && (
        <label className="rules-check rules-wide">
          <input
            type="checkbox"
            name={pointerOf(path)}
            checked={isThere}
            onChange={(event) => desk.write(path, event.target.checked ? blankOf(field) : undefined)}
          />
          {text.with}
        </label>
      )}
      {isThere && <Inner path={path} field={field} desk={desk} />}
    </>
  );
}

type InnerProps<Field extends PolicyField> = Omit<RuleProps<Field>, 'isOptional'>;

function Inner({ field, ...rest }: InnerProps<PolicyField>): ReactNode {
  switch (field.kind) {
    case 'group':
      return <Members {...rest} field={field} />;
    case 'variants':
      return <Variants {...rest} field={field} />;
    case 'entries':
      return <Entries {...rest} field={field} />;
    default:
      return <RuleLeaf {...rest} field={field} isOptional={false} />;
  }
}

/** The values of a group side by side, then its own groups each below its name. */
function Members({ path, field, desk }: InnerProps<PolicyGroup>) {
  const { name, why } = useRuleWords();
  const values = field.members.filter((member) => isLeaf(member.field) && member.field.kind !== 'several');
  const parts = field.members.filter((member) => !values.includes(member));
  return (
    <>
      {values.length > 0 && (
        <div className="studio-form">
          {values.map((member) => (
            <RuleField key={member.name} {...member} path={[...path, member.name]} desk={desk} />
          ))}
        </div>
      )}
      {parts.map((member) => {
        const at = [...path, member.name];
        if (member.field.kind === 'several')
          return <RuleField key={member.name} {...member} path={at} desk={desk} />;
        return (
          <fieldset key={member.name} className="rules-part">
            <legend>{name(at)}</legend>
            <p className="quiet">{why(at)}</p>
            <RuleField {...member} path={at} desk={desk} />
          </fieldset>
        );
      })}
    </>
  );
}

function Variants({ path, field, desk }: InnerProps<PolicyVariants>) {
  const text = useText(rulesText);
  const { option } = useRuleWords();
  const kind = desk.at([...path, 'kind']);
  const chosen = field.options.find((each) => each.name === kind);
  return (
    <>
      <SelectField
        name={pointerOf([...path, 'kind'])}
        label={text.sort}
        value={`${kind}`}
        choices={field.options.map((each) => [each.name, option(each.name)])}
        onText={(next) => desk.write(path, blankVariant(field, next))}
      />
      {chosen !== undefined && <Members path={path} field={chosen.group} desk={desk} />}
    </>
  );
}

function Entries({ path, field, desk }: InnerProps<PolicyEntries>) {
  const text = useText(rulesText);
  const there = desk.at(path);
  const keys = typeof there === 'object' && there !== null ? Object.keys(there) : [];
  return (
    <>
      {keys.map((key) => (
        <fieldset key={key} className="rules-part">
          <legend translate="no">{key}</legend>
          <RuleField path={[...path, key]} field={field.each} isOptional={false} desk={desk} />
          <button type="button" onClick={() => desk.write([...path, key], undefined)}>
            {text.removes(key)}
          </button>
        </fieldset>
      ))}
      <NewEntry
        pattern={field.pattern}
        taken={keys}
        onKey={(key) => desk.write([...path, key], blankOf(field.each))}
      />
    </>
  );
}
