import type { PolicyLeaf } from '@jamnet/economy/policy-fields';
import { type ReactNode, useId, useState } from 'react';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import type { RuleDesk } from './rule-desk.ts';
import { pointerOf, type RulePath } from './rule-path.ts';
import { useRuleValue } from './rule-value.ts';
import { useRuleWords } from './rule-words.ts';
import { rulesText } from './text.ts';
import { decimalsOf, ruleAsTyped, type TypedField, typedRule } from './typed-rule.ts';

interface LeafProps<Field extends PolicyLeaf = PolicyLeaf> {
  readonly path: RulePath;
  readonly field: Field;
  readonly isOptional: boolean;
  readonly desk: RuleDesk;
}

/** One value of the rules, written or chosen. */
export function RuleLeaf({ field, ...rest }: LeafProps) {
  switch (field.kind) {
    case 'fixed':
      return null;
    case 'several':
      return <Several {...rest} field={field} />;
    case 'flag':
    case 'choice':
      return <Choice {...rest} field={field} />;
    default:
      return <Typed {...rest} field={field} />;
  }
}

function Typed({ path, field, isOptional, desk }: LeafProps<TypedField>) {
  const text = useText(rulesText);
  const { locale } = useFormats();
  const { name } = useRuleWords();
  const [typed, setTyped] = useState<string | null>(null);
  const value = desk.at(path);
  const isTyped = typed !== null && same(asWritten(typed, field, locale, isOptional), value);
  const unit = field.kind === 'text' || field.unit === null ? '' : ` (${text.units[field.unit]})`;
  return (
    <label className="field">
      <span>
        {name(path)}
        {unit}
      </span>
      <input
        name={pointerOf(path)}
        value={isTyped ? typed : ruleAsTyped(value, field, locale)}
        inputMode={field.kind === 'text' ? undefined : decimalsOf(field) > 0 ? 'decimal' : undefined}
        maxLength={128}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={desk.isFaulty(path)}
        onChange={(event) => {
          setTyped(event.target.value);
          desk.write(path, asWritten(event.target.value, field, locale, isOptional));
        }}
      />
      <Hint path={path} field={field} desk={desk} isOptional={isOptional} />
    </label>
  );
}

/** An optional member whose field is empty is left out. */
function asWritten(typed: string, field: TypedField, locale: string, isOptional: boolean): unknown {
  return isOptional && typed.trim() === '' ? undefined : typedRule(typed, field, locale);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function Choice({ path, field, desk }: LeafProps<Extract<PolicyLeaf, { kind: 'flag' | 'choice' }>>) {
  const text = useText(rulesText);
  const { name, option } = useRuleWords();
  const isFlag = field.kind === 'flag';
  const choices: readonly (readonly [string, string])[] = isFlag
    ? [
        ['true', text.yes],
        ['false', text.no],
      ]
    : field.options.map((each) => [each, option(each)]);
  return (
    <label className="field">
      <span>{name(path)}</span>
      <select
        name={pointerOf(path)}
        value={`${desk.at(path)}`}
        aria-invalid={desk.isFaulty(path)}
        onChange={({ target }) => desk.write(path, isFlag ? target.value === 'true' : target.value)}
      >
        {choices.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
      <Hint path={path} field={field} desk={desk} />
    </label>
  );
}

function Several({ path, field, desk }: LeafProps<Extract<PolicyLeaf, { kind: 'several' }>>) {
  const { name, option } = useRuleWords();
  const hint = useId();
  const value = desk.at(path);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const choose = (each: string, isIn: boolean): void =>
    desk.write(
      path,
      field.options.filter((one) => (one === each ? isIn : chosen.includes(one))),
    );
  return (
    <fieldset className="rules-several" aria-describedby={hint}>
      <legend>{name(path)}</legend>
      <div className="rules-checks">
        {field.options.map((each) => (
          <label key={each} className="rules-check">
            <input
              type="checkbox"
              checked={chosen.includes(each)}
              onChange={(event) => choose(each, event.target.checked)}
            />
            {option(each)}
          </label>
        ))}
      </div>
      <Hint id={hint} path={path} field={field} desk={desk} />
    </fieldset>
  );
}

/** What the value is for and between what it lies; what holds now, where that is something else; that it has not its form. */
function Hint({
  id,
  path,
  field,
  desk,
  isOptional = false,
}: Omit<LeafProps, 'isOptional'> & { readonly id?: string; readonly isOptional?: boolean }): ReactNode {
  const text = useText(rulesText);
  const { why } = useRuleWords();
  const shown = useRuleValue();
  const range =
    field.kind === 'whole' ? text.range(shown(field.minimum, field), shown(field.maximum, field)) : '';
  return (
    <small className="quiet" id={id}>
      {why(path)} {range}
      {field.kind === 'ratio' && text.fraction} {isOptional && text.optional}
      {desk.changesAt(path) > 0 && (
        <b className="rules-before">{text.holds(shown(desk.before(path), field))}</b>
      )}
      {desk.isFaulty(path) && <b className="rules-fault">{text.edit}</b>}
    </small>
  );
}
