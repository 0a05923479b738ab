import { expect, test } from 'vitest';
import { LOCKED_PACKAGES_MAX, parseLockFile } from './lock-file.ts';

const LOCK = {
  lockfileVersion: 3,
  packages: {
    '': { dependencies: { a: '1' }, devDependencies: { tool: '1' } },
    'packages/x': { dependencies: { b: '2', alias: 'npm:real@1' } },
    'node_modules/@own/x': { resolved: 'packages/x', link: true },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1' } },
    'node_modules/b': { version: '1.5.0' },
    'packages/x/node_modules/b': { version: '2.0.0', funding: { url: 'https://b.example' } },
    'node_modules/alias': { version: '1.1.0', name: 'real' },
    'node_modules/a/node_modules/@s/c': { version: '3.0.0' },
    'node_modules/tool': { version: '9.0.0', dev: true },
  },
};

test('packages are known by place; what a manifest of the repository names is direct, development’s are none', () => {
  const found = parseLockFile(JSON.stringify(LOCK));
  if (!found.ok) throw new Error(found.message);
  const rows = [...found.value].map(
    ([place, one]) => `${place} ${one.name}@${one.version}${one.isDirect ? ' direct' : ''}`,
  );
  expect(rows).toEqual([
    'node_modules/a a@1.0.0 direct',
    'node_modules/b b@1.5.0',
    'packages/x/node_modules/b b@2.0.0 direct',
    'node_modules/alias real@1.1.0 direct',
    'node_modules/a/node_modules/@s/c @s/c@3.0.0',
  ]);
});

test.each(['', '{', '[]', '{}', '{"packages":[]}', '{"lockfileVersion":1,"dependencies":{"a":{}}}'])(
  'a lock file that reads %j is refused with what to do',
  (text) => {
    expect(parseLockFile(text)).toMatchObject({
      ok: false,
      code: 'lock-file-unreadable',
      message: expect.stringContaining('npm install'),
    });
  },
);

test('entries that are no packages are passed over', () => {
  const packages = {
    '': { dependencies: ['a'] },
    'node_modules/a': 7,
    'node_modules/b': { version: 7 },
    'node_modules/c': null,
  };
  expect(parseLockFile(JSON.stringify({ packages }))).toMatchObject({ ok: true, value: new Map() });
});

test('a lock file may list as many packages as the limit and not one more', () => {
  const lockOf = (count: number): string =>
    JSON.stringify({
      packages: Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`node_modules/p${n}`, { version: '1' }]),
      ),
    });
  expect(parseLockFile(lockOf(LOCKED_PACKAGES_MAX)).ok).toBe(true);
  expect(parseLockFile(lockOf(LOCKED_PACKAGES_MAX + 1))).toMatchObject({ code: 'lock-file-unreadable' });
});
