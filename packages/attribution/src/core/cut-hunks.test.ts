import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStatements } from '../parse/statements.ts';
import { alignPieces, COMPARED_PIECES_MAX } from './align-pieces.ts';
import { cutHunks, textWith } from './cut-hunks.ts';
import type { Hunk } from './gate.ts';

const cut = (text: string) => ({ text, statements: parseStatements(text, 'ts') });

function piecesOf(before: string, after: string, hunks: readonly Omit<Hunk, 'path'>[]) {
  return cutHunks(
    cut(before),
    cut(after),
    hunks.map((hunk) => ({ ...hunk, path: 'p.ts' })),
  );
}

/** The whole of both texts as one hunk. */
function whole(before: string, after: string) {
  const count = (text: string): number => text.split('\n').length;
  return piecesOf(before, after, [
    { oldStart: 1, oldCount: count(before), newStart: 1, newCount: count(after) },
  ]);
}

test('several statements on one line are cut apart, and each knows its own pieces', () => {
  const after = 'if (a) { b(); } c();\n';
  const pieces = piecesOf('', after, [{ oldStart: 0, oldCount: 0, newStart: 1, newCount: 1 }]);
  expect(pieces.map(({ newText }) => newText)).toEqual(['if (a) { ', 'b();', ' } ', 'c();\n']);
  const [head, inner, end, last] = pieces.map(({ statement }) => statement);
  expect([head === end, head === inner, inner === last]).toEqual([true, false, false]);
});

test('a statement is put beside the one whose place it took, whatever noise stands before it', () => {
  const pieces = whole(
    'total += mixed * 3;\n',
    "if (total === 0.5) throw new Error('x');\ntotal += mixed * 4;\n",
  );
  const real = pieces.find(({ newText }) => newText.startsWith('total'));
  expect(real).toMatchObject({ oldText: 'total += mixed * 3;\n' });
});

test('lines that were only taken away stand at their place', () => {
  const pieces = piecesOf('a();\nb();\nc();\n', 'a();\nc();\n', [
    { oldStart: 2, oldCount: 1, newStart: 1, newCount: 0 },
  ]);
  expect(pieces).toMatchObject([{ start: 5, end: 5, newText: '', oldText: 'b();\n' }]);
});

test('all pieces taken back give the old text, none the new one', () => {
  const line = fc.constantFrom(
    'a();',
    'b(1);',
    'if (a) { b(); }',
    'const x = 1, y = 2;',
    '}',
    '  ',
    'c(), d();',
  );
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((one) => `${one}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = whole(before, after);
      expect(textWith(after, pieces, (number) => pieces[number]?.oldText)).toBe(before);
      expect(textWith(after, pieces, () => undefined)).toBe(after);
    }),
  );
});

test('of very many pieces each finds its place by order, without comparing all with all', () => {
  const count = Math.ceil(Math.sqrt(COMPARED_PIECES_MAX)) + 1;
  const olds = Array.from({ length: count }, (_, n) => `a${n}`);
  // In reverse: comparing would pair at most one.
  expect(alignPieces(olds, olds.toReversed())).toEqual(olds.map((_, n) => n));
  expect(alignPieces(olds.slice(2), olds.slice(2).toReversed()).filter((mate) => mate !== null)).toHaveLength(
    1,
  );
});
