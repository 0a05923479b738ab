import { ok, refuse } from '@jamnet/base';
import { expect, test } from 'vitest';
import { allPages, ROWS_SHOWN_MAX } from './all-pages.ts';

test('a list is read to its end, each page behind the one before', async () => {
  const asked: (string | undefined)[] = [];
  const pages = [
    { rows: [1, 2], next: 'b' },
    { rows: [3], next: null },
  ];
  const all = await allPages(async ({ after }) => {
    const page = pages[asked.length] ?? { rows: [], next: null };
    asked.push(after);
    return ok(page);
  });
  expect(all).toEqual({ ok: true, value: [1, 2, 3] });
  expect(asked).toEqual([undefined, 'b']);
});

test('a refused page refuses the list; one that leads back to itself ends it, and none is endless', async () => {
  const refused = refuse('studio-refused', 'no');
  expect(await allPages(async () => refused)).toEqual(refused);
  expect(await allPages(async () => ok({ rows: [1], next: 'a' }))).toMatchObject({ value: [1, 1] });
  let count = 0;
  const endless = await allPages(async () => ok({ rows: Array(200).fill(0), next: `${count++}` }));
  expect(endless).toMatchObject({ value: { length: ROWS_SHOWN_MAX } });
});
