import type { PolicyLeaf } from '@jamnet/economy/policy-fields';
import { useFormats } from '../language/use-formats.ts';
import { useText } from '../language/use-text.ts';
import { useRuleWords } from './rule-words.ts';
import { rulesText } from './text.ts';
import { ruleAsTyped } from './typed-rule.ts';

/** How a value of the rules is shown to the reader: with its unit, choices by name, in the reader's own way of writing numbers. */
export function useRuleValue(): (value: unknown, field: PolicyLeaf | null) => string {
  const words = useText(rulesText);
  const { option } = useRuleWords();
  const { locale, list, dollars, jam } = useFormats();
  return (value, field) => {
    if (value === undefined) return words.absent;
    switch (field?.kind) {
      case 'flag':
        return value === true ? words.yes : words.no;
      case 'choice':
        return option(`${value}`);
      case 'several':
        return Array.isArray(value) ? list(value.map((each) => option(`${each}`))) : JSON.stringify(value);
      case 'amount': {
        const isAmount = typeof value === 'string' && /^\d{1,18}$/.test(value);
        if (!isAmount) return `${value}`;
        return field.unit === 'cents' ? dollars(value) : jam(value);
      }
      case 'whole':
      case 'ratio': {
        const shown = ruleAsTyped(value, field, locale);
        return field.unit === null ? shown : `${shown} ${words.units[field.unit]}`;
      }
      case 'text':
      case 'fixed':
        return `${value}`;
      case undefined:
        return JSON.stringify(value);
    }
  };
}
