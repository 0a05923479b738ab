import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personId } from '../core/people.ts';
import { packagesId } from '../earnings/pseudonyms.ts';
import {
  IDENTITY_ENTRIES_MAX,
  IdentityJournal,
  type IdentityRequest,
  identityLine,
} from './identity-journal.ts';

const ADA = `p${'a'.repeat(32)}`;
const EVE = `p${'e'.repeat(32)}`;
const STUDIO = 'studio.example/1';
const ask = (kind: 'claim' | 'release', email: string, payee = ADA): IdentityRequest => ({
  kind,
  email,
  payee,
});
const challengeOf = (journal: IdentityJournal, request: IdentityRequest): string => {
  const text = journal.challenge(request, STUDIO);
  if (!text.ok) throw new Error(text.message);
  return text.value;
};

test('two addresses claimed for one payee are merged, and releasing one un-merges it', () => {
  const journal = new IdentityJournal();
  journal.enter(ask('claim', 'ada@example.org'), 1n, 'k');
  journal.enter(ask('claim', 'Ada@Work.example'), 2n, 'k');
  expect(journal.personsOf(ADA)).toEqual([personId('ada@example.org'), personId('ada@work.example')]);
  journal.enter(ask('release', 'ada@work.example'), 3n, 'k');
  expect(journal.personsOf(ADA)).toEqual([personId('ada@example.org')]);
  expect(journal.payeeOf(personId('ada@work.example'))).toBeUndefined();
  expect(journal.entries.map((entry) => entry.kind)).toEqual(['claim', 'claim', 'release']);
});

test('a claimed address cannot be claimed or released by another', () => {
  const journal = new IdentityJournal();
  journal.enter(ask('claim', 'ada@example.org'), 1n, 'k');
  expect(journal.enter(ask('claim', 'ADA@example.org', EVE), 2n, 'k')).toMatchObject({
    code: 'identity-taken',
  });
  expect(journal.enter(ask('release', 'ada@example.org', EVE), 2n, 'k')).toMatchObject({
    code: 'identity-not-held',
  });
  expect(journal.enter(ask('release', 'bela@example.org'), 2n, 'k')).toMatchObject({
    code: 'identity-not-held',
  });
  expect(journal.entries).toHaveLength(1);
});

test('what a key of a forge account claimed, another key of that name does not release: the name may be somebody else’s by now', () => {
  const journal = new IdentityJournal();
  const email = '12+ada@users.noreply.github.com';
  const key = (name: string): string => `SHA256:${name} of github.com/ada`;
  journal.enter(ask('claim', email), 1n, key('ada'));
  expect(journal.enter(ask('release', email), 2n, key('next'))).toMatchObject({ code: 'identity-not-held' });
  expect(journal.payeeOf(personId(email))).toBe(ADA);
  // A key that the repository itself lists is a maintainer's word.
  expect(journal.enter(ask('release', email), 3n, 'SHA256:listed')).toMatchObject({ ok: true });
  journal.enter(ask('claim', email), 4n, 'SHA256:listed');
  expect(journal.enter(ask('release', email), 4n, key('next'))).toMatchObject({ code: 'identity-not-held' });
  journal.enter(ask('release', email), 4n, 'SHA256:listed');
  journal.enter(ask('claim', email), 4n, key('ada'));
  expect(journal.enter(ask('release', email), 5n, key('ada'))).toMatchObject({ ok: true });
});

test('packages are claimed by their repository, and are nobody’s address', () => {
  const journal = new IdentityJournal();
  const request = { kind: 'claim' as const, packages: 'forge.example/left/left', payee: ADA };
  expect(challengeOf(journal, request)).toContain('\npackages forge.example/left/left\n');
  expect(journal.enter(request, 1n, 'git:1')).toMatchObject({ ok: true });
  expect(journal.payeeOf(packagesId('forge.example/left/left'))).toBe(ADA);
  expect(journal.enter({ ...request, payee: EVE }, 2n, 'git:2')).toMatchObject({ code: 'identity-taken' });
  const lines = journal.entries.map(identityLine).join('');
  expect(IdentityJournal.parse(lines)).toMatchObject({ ok: true });
  // A line that names other packages than it pays.
  expect(IdentityJournal.parse(lines.replace('left/left', 'left/right'))).toMatchObject({
    code: 'identity-journal-malformed',
  });
  for (const packages of ['left', 'Forge.example/left/left', 'forge.example/left/left\nx', '../left/left'])
    expect(journal.challenge({ ...request, packages }, STUDIO)).toMatchObject({ code: 'identity-malformed' });
});

test('no challenge is the same twice after a change, for another payee, or at another studio', () => {
  const journal = new IdentityJournal();
  const first = challengeOf(journal, ask('claim', 'ada@example.org'));
  expect(first).toBe(
    `jamnet identity claim v1\nemail ada@example.org\npayee ${ADA}\nstudio ${STUDIO}\nchange 1\n`,
  );
  expect(challengeOf(journal, ask('claim', 'ada@example.org', EVE))).not.toBe(first);
  expect(journal.challenge(ask('claim', 'ada@example.org'), 'other.example')).not.toEqual({
    ok: true,
    value: first,
  });
  journal.enter(ask('claim', 'ada@example.org'), 1n, 'k');
  journal.enter(ask('release', 'ada@example.org'), 2n, 'k');
  expect(challengeOf(journal, ask('claim', 'ada@example.org'))).toContain('change 3');
});

test.each([
  ['*@example.org', ADA],
  ['ada@example.org,eve@example.org', ADA],
  ['ada', ADA],
  ['ada@example.org\nx', ADA],
  ['ada@example.org', 'somebody'],
])('%j for %s is refused', (email, payee) => {
  expect(new IdentityJournal().challenge(ask('claim', email, payee), STUDIO)).toMatchObject({
    code: 'identity-malformed',
  });
});

test('a journal read back knows the same holders, whatever happened', () => {
  const step = fc.record({
    kind: fc.constantFrom('claim' as const, 'release' as const),
    email: fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org'),
    payee: fc.constantFrom(ADA, EVE),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const journal = new IdentityJournal();
      let held = 0;
      for (const request of steps) {
        const entered = journal.enter(request, 1n, 'k');
        if (entered.ok) held += request.kind === 'claim' ? 1 : -1;
      }
      const again = IdentityJournal.parse(journal.entries.map(identityLine).join(''));
      if (!again.ok) throw new Error(again.message);
      expect(again.value.entries).toEqual(journal.entries);
      expect(again.value.personsOf(ADA).length + again.value.personsOf(EVE).length).toBe(held);
    }),
  );
});

test.each(['{', 'null', '{"kind":"claim"}', '{"kind":"steal","person":"","payee":"","atUs":"1","key":""}'])(
  'a journal with the line %s is refused',
  (line) => {
    expect(IdentityJournal.parse(`${line}\n`)).toMatchObject({ code: 'identity-journal-malformed' });
  },
);

test('so many entries fit and not one more', () => {
  const journal = new IdentityJournal();
  for (let n = 0; n < IDENTITY_ENTRIES_MAX; n++)
    journal.enter(ask(n % 2 === 0 ? 'claim' : 'release', 'ada@example.org'), 1n, 'k');
  expect(journal.entries).toHaveLength(IDENTITY_ENTRIES_MAX);
  expect(journal.enter(ask('claim', 'ada@example.org'), 1n, 'k')).toMatchObject({
    code: 'identity-journal-full',
  });
});
