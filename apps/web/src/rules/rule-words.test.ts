import { type PolicyField, policyFields } from '@jamnet/economy/policy-fields';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../language/languages.ts';
import { keyOf, namedRules, ruleWordsOf } from './rule-words.ts';
import { rulesText } from './text.ts';

type Place = readonly [path: readonly string[], field: PolicyField];

function placesOf(field: PolicyField, path: readonly string[]): readonly Place[] {
  switch (field.kind) {
    case 'group':
      return field.members.flatMap((member) => at(member.field, [...path, member.name]));
    case 'variants':
      return field.options.flatMap(({ group }) => placesOf(group, path));
    case 'entries':
      // What has members of its own goes by its key.
      return field.each.kind === 'group'
        ? placesOf(field.each, [...path, '*'])
        : at(field.each, [...path, '*']);
    default:
      return [];
  }
}
const at = (field: PolicyField, path: readonly string[]): readonly Place[] => [
  [path, field],
  ...placesOf(field, path),
];
const places = placesOf(policyFields(), []);

test.each(LANGUAGES)(
  'in %s every member of the policy has a name and a sentence, and nothing else has',
  (language) => {
    const named = namedRules(language);
    const used = places.map(([path]) => keyOf(path, named) ?? `no words for ${path.join('/')}`);
    expect(new Set(used)).toEqual(new Set(Object.keys(named)));
    for (const { why } of Object.values(named)) expect(why).toMatch(/\.$/);
  },
);

test.each(LANGUAGES)(
  'in %s every choice but currencies has a name, and each name is one of a choice',
  (language) => {
    const options = places.flatMap(([, field]) => {
      if (field.kind === 'variants') return field.options.map(({ name }) => name);
      return field.kind === 'choice' || field.kind === 'several' ? field.options : [];
    });
    const named = new Set(options.filter((option) => !/^[A-Z]{3}$/.test(option)));
    expect(new Set(Object.keys(rulesText[language].options))).toEqual(named);
    expect(ruleWordsOf(language).option('EUR')).toBe('EUR');
  },
);
