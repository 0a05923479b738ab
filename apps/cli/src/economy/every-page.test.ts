import { ok } from '@jamnet/base';
import { expect, test } from 'vitest';
import { everyPage } from './every-page.ts';

test('a list is read to its end, page by page', async () => {
  const asked: unknown[] = [];
  const every = await everyPage(async (page) => {
    asked.push(page);
    return ok(page.after === null ? { rows: [1, 2], next: 'b' } : { rows: [3], next: null });
  });
  expect(every).toEqual({ ok: true, value: [1, 2, 3] });
  expect(asked).toEqual([
    { after: null, limit: 200 },
    { after: 'b', limit: 200 },
  ]);
});

test('a page that leads back to itself is refused, not asked for ever', async () => {
  let asked = 0;
  const every = await everyPage(async () => {
    if (++asked > 2) throw new Error('asked again and again');
    return ok({ rows: [asked], next: 'b' });
  });
  expect(every).toMatchObject({ ok: false, code: 'list-endless' });
});
