import { expect, test } from 'vitest';
import { LINKED_PIECES_MAX } from './cut-change.ts';
import { findIdleKeys } from './judge-statements.ts';
import { parseStatements } from './parse/statements.ts';

const list = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));

test('so many groups of statements inside hunks are tried together and not one more', async () => {
  const idleOf = async (groups: number): Promise<number> => {
    const word = (n: number): string => `w${String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26))}`;
    const three = (n: number): string =>
      ['a', 'b', 'c'].map((m) => `${word(n)}.${word(n)}${m}();\n`).join('');
    const newText = `begin();\n${list(groups, three).join('')}`;
    const after = parseStatements(newText, 'ts');
    const hunk = { path: 'p.ts', oldStart: 1, oldCount: 0, newStart: 2, newCount: 3 * groups };
    const idle = await findIdleKeys({
      changes: [
        {
          file: { path: 'p.ts', oldText: 'begin();\n', newText, hunks: [hunk] },
          before: parseStatements('begin();\n', 'ts'),
          after,
        },
      ],
      keys: new Set(after.slice(1).map(({ key }) => key)),
      neutralHunks: new Set(),
      takenBack: new Set(),
      // All three of a group or none: neither one nor two can go.
      isSameWith: ([text = '']) =>
        Promise.resolve(
          list(groups, (n) => text.split(`${word(n)}.`).length - 1).every((n) => n === 0 || n === 3),
        ),
    });
    return idle.size;
  };
  expect(await idleOf(LINKED_PIECES_MAX)).toBe(3 * LINKED_PIECES_MAX);
  expect(await idleOf(LINKED_PIECES_MAX + 1)).toBe(3 * LINKED_PIECES_MAX);
});
