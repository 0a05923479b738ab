import { expect, test } from 'vitest';
import { COMPANIONS_MAX } from './core/companions.ts';
import type { Hunk } from './core/gate.ts';
import {
  EPOCH_REPLAYS_BASE,
  EPOCH_REPLAYS_PER_STATEMENT,
  type EpochStatement,
  findVoidKeys,
} from './judge-epoch.ts';
import { parseStatements } from './parse/statements.ts';

/** A line that an epoch added, or one that it deleted (`isGone`). */
interface Row {
  readonly text: string;
  readonly isGone?: true;
  readonly by?: string;
  readonly isGated?: true;
}

/** Lines that are void when `print` tells what the program prints by the rows that are as the epoch left them. */
async function voidOf(rows: readonly Row[], print: (kept: ReadonlySet<string>) => unknown) {
  const [olds, news, hunks]: [string[], string[], Hunk[]] = [[], [], []];
  for (const [n, { text, isGone }] of rows.entries()) {
    const [oldCount, newCount] = isGone ? [1, 0] : [0, 1];
    const at = { oldStart: olds.length + oldCount, newStart: news.length + newCount };
    hunks.push({ path: 'p.ts', ...at, oldCount, newCount });
    (isGone ? olds : news).push(text);
    // Between two hunks something stays.
    for (const side of [olds, news]) side.push(`stays(${n});`);
  }
  const [oldText, newText] = [`${olds.join('\n')}\n`, `${news.join('\n')}\n`];
  const after = parseStatements(newText, 'ts');
  const keyOf = (text: string): string => parseStatements(text, 'ts')[0]?.key ?? '';
  let replays = 0;
  const whole = new Set(rows.map(({ text }) => text));
  const said = (kept: ReadonlySet<string>): string => JSON.stringify(print(kept) ?? null);
  const found = await findVoidKeys({
    changes: [
      { file: { path: 'p.ts', oldText, newText, hunks }, before: parseStatements(oldText, 'ts'), after },
    ],
    statements: rows.flatMap(({ text, isGone, by = 'm', isGated }, arrival): EpochStatement[] =>
      isGone ? [] : [{ key: keyOf(text), arrival, people: [by], isGated: isGated === true }],
    ),
    printedWith: ([text = '']) => {
      replays++;
      const lines = new Set(text.split('\n'));
      const kept = rows.filter((row) => lines.has(row.text) !== (row.isGone === true));
      return Promise.resolve(said(new Set(kept.map((row) => row.text))));
    },
    outputSha256: said(whole),
  });
  return { void: rows.map(({ text }) => text).filter((text) => found.has(keyOf(text))), replays };
}

const list = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));

test('lines of several commits that undo each other are void beside a real one', async () => {
  const rows = ['a.up();', 'b.over();', 'c.real();', 'd.down();'].map((text) => ({ text }));
  const print = (kept: ReadonlySet<string>) => [
    Number(kept.has('a.up();')) + Number(kept.has('b.over();')) - 2 * Number(kept.has('d.down();')),
    kept.has('c.real();'),
  ];
  expect((await voidOf(rows, print)).void).toEqual(['a.up();', 'b.over();', 'd.down();']);
});

test('what a later commit makes useless is void, and so is what made it so', async () => {
  const rows = ['a.work();', 'b.forget();', 'c.real();'].map((text) => ({ text }));
  const print = (kept: ReadonlySet<string>) => [
    kept.has('a.work();') && !kept.has('b.forget();'),
    kept.has('c.real();'),
  ];
  expect((await voidOf(rows, print)).void).toEqual(['a.work();', 'b.forget();']);
});

test('of two that do the same the gated one stands in for nothing', async () => {
  const rows: Row[] = [{ text: 'a.clamp();' }, { text: 'b.again();', by: 'n', isGated: true }];
  const print = (kept: ReadonlySet<string>) => kept.has('a.clamp();') || kept.has('b.again();');
  expect((await voidOf(rows, print)).void).toEqual([]);
});

test('honest lines cost no more replays than there are for each, and stay', {
  timeout: 240_000,
}, async () => {
  const rows = list(40, (n): Row => ({ text: `w${n}.real();`, by: `p${n % 3}` }));
  const { void: found, replays } = await voidOf(rows, (kept) => kept.size);
  expect(found).toEqual([]);
  expect(replays).toBeLessThan(EPOCH_REPLAYS_PER_STATEMENT * rows.length);
});

test('a deleted line of another form of what came again is found behind many lines of somebody', {
  timeout: 240_000,
}, async () => {
  // The real line shares the word as well, so that all of its holders cannot go together.
  const gone = 'common.form();';
  const print = (kept: ReadonlySet<string>) => [
    Number(kept.has('common.again();')) - Number(kept.has(gone)),
    kept.has('common.real();'),
  ];
  const rows: Row[] = [
    ...list(COMPANIONS_MAX, (n): Row => ({ text: `gone${n}.call${n}();`, isGone: true })),
    { text: gone, isGone: true },
    { text: 'common.real();', by: 'n' },
    { text: 'common.again();' },
  ];
  expect((await voidOf(rows, print)).void).toEqual(['common.again();']);
});

test('nests of blocks that somebody piles up take no trial from anybody else’s statement', async () => {
  const [nests, depth] = [12, 28];
  const wanted = list(nests, (n) => `w${n}.real();`);
  const nest = (text: string): string => `${'if (on) { '.repeat(depth)}${text}${' }'.repeat(depth)}`;
  const newText = `olga.work();\n${wanted.map(nest).join('\n')}\n`;
  const hunk = { path: 'p.ts', oldStart: 0, oldCount: 0, newStart: 1, newCount: nests + 1 };
  const keyOf = (text: string): string => parseStatements(text, 'ts')[0]?.key ?? '';
  let replays = 0;
  const found = await findVoidKeys({
    changes: [
      {
        file: { path: 'p.ts', oldText: '', newText, hunks: [hunk] },
        before: [],
        after: parseStatements(newText, 'ts'),
      },
    ],
    statements: ['olga.work();', ...wanted].map((text, arrival) => ({
      key: keyOf(text),
      arrival,
      people: [arrival === 0 ? 'o' : 'm'],
      isGated: false,
    })),
    printedWith: ([text = '']) => {
      replays++;
      return Promise.resolve(text);
    },
    outputSha256: newText,
  });
  expect([...found]).toEqual([]);
  // Two ends of a nest, each taken back and out, are all that it may cost beside the trials of its statement.
  expect(replays).toBeLessThan((nests + 1) * 10 + 150);
});

test('however many rounds there are, replays have an end', async () => {
  // Each line holds up the one before: one more falls in each round.
  const count = 60;
  const rows = list(count, (n): Row => ({ text: `w${n}.hold();`, by: `p${n}` }));
  const print = (kept: ReadonlySet<string>) =>
    rows.findIndex(({ text }, n) => !kept.has(text) && rows.slice(0, n).some((row) => kept.has(row.text)));
  const { replays } = await voidOf(rows, print);
  expect(replays).toBeLessThanOrEqual(EPOCH_REPLAYS_BASE + EPOCH_REPLAYS_PER_STATEMENT * count);
});
