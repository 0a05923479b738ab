import { expect, test } from 'vitest';
import { FUNDING_MAX, fundingAddresses, repositoryName } from './repository-name.ts';

test.each([
  ['git+https://github.com/Owner/Name.git', 'github.com/owner/name'],
  [{ type: 'git', url: 'git://github.com/owner/name.git#main' }, 'github.com/owner/name'],
  ['git@github.com:owner/name.git', 'github.com/owner/name'],
  ['ssh://git@github.com/owner/name', 'github.com/owner/name'],
  ['https://user:secret@github.com/owner/name/tree/main/packages/x', 'github.com/owner/name'],
  ['owner/name', 'github.com/owner/name'],
  ['gitlab:owner/name', 'gitlab.com/owner/name'],
  ['https://gitlab.com/group/sub/name', 'gitlab.com/group/sub/name'],
  ['https://codeberg.org/owner/name/', 'codeberg.org/owner/name'],
])('a manifest that says %j lies in %s', (field, name) => {
  expect(repositoryName(field)).toBe(name);
});

test.each([
  [undefined],
  [null],
  [7],
  [''],
  ['none'],
  ['https://example.org'],
  ['https://example.org/name'],
  ['javascript:alert(1)'],
  [{ url: 5 }],
  ['x/'.repeat(200)],
])('a manifest that says %j names no repository', (field) => {
  expect(repositoryName(field)).toBeNull();
});

test('funding is read in every form that npm allows, and only web addresses count', () => {
  const [a, b] = ['https://a.example/give', 'https://b.example/give'];
  expect(fundingAddresses(a)).toEqual([a]);
  expect(fundingAddresses({ type: 'x', url: b })).toEqual([b]);
  expect(fundingAddresses([{ url: b }, a, a, 'javascript:alert(1)', 7, null])).toEqual([a, b]);
  expect(fundingAddresses(undefined)).toEqual([]);
});

test('of very many addresses the first ones count', () => {
  const many = Array.from({ length: FUNDING_MAX + 5 }, (_, n) => `https://a.example/${n}`);
  expect(fundingAddresses(many)).toHaveLength(FUNDING_MAX);
});
