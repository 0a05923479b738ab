import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { git } from '../git/git.ts';
import { makeTemporary } from '../testing/make-repository.ts';
import { parseMailmap } from './mailmap.ts';

const MAP = `# people
Ada Lovelace <ada@example.org>
<bela@example.org> <bela@old.example.org>
Cleo <cleo@example.org> <c@example.org>
Dora Dot <dora@example.org> Shared <shared@example.org>
Emil <emil@example.org> Other <SHARED@example.org>
Last <ada@new.example.org> <ADA@example.org>
not a line
`;

test('agrees with git check-mailmap for every identity', async () => {
  const temporary = await makeTemporary();
  await writeFile(join(temporary.path, 'map'), MAP);
  await git(['init', '--quiet', temporary.path]);
  const names = ['Ada', 'Shared', 'OTHER', 'x'];
  const emails = [
    'ada@example.org',
    'bela@old.example.org',
    'C@example.org',
    'shared@example.org',
    'nobody@example.org',
  ];
  const identities = names.flatMap((name) => emails.map((email) => ({ name, email })));
  const asked = identities.map(({ name, email }) => `${name} <${email}>\n`).join('');
  const said = await git(
    ['-C', temporary.path, '-c', `mailmap.file=${join(temporary.path, 'map')}`, 'check-mailmap', '--stdin'],
    asked,
  );
  await temporary.remove();
  const mailmap = parseMailmap(MAP);
  const ours = identities.map((identity) => mailmap(identity)).map(({ name, email }) => `${name} <${email}>`);
  expect(ours).toEqual(said.toString().trimEnd().split('\n'));
});

test('random text never throws and maps everybody to somebody', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseMailmap(text)({ name: 'A', email: 'a@b' }).name.length).toBeGreaterThanOrEqual(0);
    }),
  );
});
