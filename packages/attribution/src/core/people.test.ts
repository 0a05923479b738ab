import { expect, test } from 'vitest';
import { parseMailmap } from './mailmap.ts';
import { AUTHORS_PER_COMMIT_MAX, PeopleRegister, personId } from './people.ts';

const commit = (author: string, ...coAuthors: string[]) => ({
  id: 'c',
  author: { name: author, email: `${author}@example.org` },
  coAuthors,
});
const asWritten = (identity: { name: string; email: string }) => identity;

test('co-authors share a commit, each person once whatever the case of the address', () => {
  const people = new PeopleRegister(asWritten, []);
  const ids = people.authorsOf(
    commit('ada', 'Bela <bela@example.org>', 'Ada <ADA@example.org>', 'no address'),
  );
  expect(ids).toEqual([personId('ada@example.org'), personId('bela@example.org')]);
});

test('bots earn nothing: by list, by name or by address', () => {
  const people = new PeopleRegister(asWritten, ['Formatter', 'ci@example.org']);
  expect(people.authorsOf(commit('formatter'))).toEqual([]);
  expect(people.authorsOf(commit('ci'))).toEqual([]);
  expect(
    people.authorsOf(commit('ada', 'dependabot[bot] <1+dependabot[bot]@users.example.org>')),
  ).toHaveLength(1);
});

test('a commit cannot name more authors than the limit', () => {
  const people = new PeopleRegister(asWritten, []);
  const many = Array.from({ length: 100 }, (_, i) => `P${i} <p${i}@example.org>`);
  expect(people.authorsOf(commit('ada', ...many))).toHaveLength(AUTHORS_PER_COMMIT_MAX);
});

test('no mailmap leads a claimed address elsewhere; what is not claimed follows it', () => {
  const mailmap = parseMailmap(
    'Eve <eve@example.org> <ada@example.org>\nEve <eve@example.org> <bela@example.org>\n',
  );
  const claimed = new Set([personId('ada@example.org')]);
  const people = new PeopleRegister(mailmap, [], (person) => claimed.has(person));
  expect(people.authorsOf(commit('ADA'))).toEqual([personId('ada@example.org')]);
  expect(people.authorsOf(commit('bela'))).toEqual([personId('eve@example.org')]);
  expect(people.authorsOf(commit('cleo', 'Ada <ada@example.org>'))).toEqual([
    personId('cleo@example.org'),
    personId('ada@example.org'),
  ]);
});
