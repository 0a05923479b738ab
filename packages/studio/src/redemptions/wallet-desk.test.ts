import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Studio } from '../studio.ts';
import { EPOCH, fillBooks, PAYEES } from '../testing/lived-books.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';

let directory: string;
let studio: Studio;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-wallet-desk-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
}, 60_000);
afterAll(async () => {
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

/** All lines of a payee, asked for so many at a time. */
async function walked(payee: string, limit: number) {
  const rows: unknown[] = [];
  let after: string | null = null;
  do {
    const page = await studio.services.wallets.lines(payee, { after, limit });
    if (!page.ok) throw new Error(page.message);
    expect(page.value.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.value.rows);
    after = page.value.next;
  } while (after !== null);
  return rows;
}

test('a wallet’s lines are the same however many are asked for at a time, and add up to what was paid', async () => {
  for (const payee of PAYEES) {
    const whole = await studio.services.wallets.lines(payee, { after: null, limit: 100 });
    if (!whole.ok) continue;
    const { rows, next } = whole.value;
    expect(next).toBeNull();
    for (const limit of [1, 2, 3]) expect(await walked(payee, limit)).toEqual(rows);
    const shown = await studio.services.wallets.show(payee);
    expect(shown).toMatchObject({ ok: true, value: { epochs: [EPOCH] } });
    const sum = rows.reduce((total, { amountMicroJam }) => total + BigInt(amountMicroJam), 0n);
    const statement = await studio.services.books.paid(EPOCH, { after: null, limit: 100 });
    if (!statement.ok) throw new Error(statement.message);
    const paid = statement.value.rows.find((row) => row.payee === payee);
    expect(sum).toBe(BigInt(paid?.microJam ?? 0));
  }
  expect((await walked(PAYEES[0] ?? '', 1)).length).toBeGreaterThan(1);
});

test.each(['', '1', '1.no-such-epoch', '-1.sample-pages', 'x.sample-pages'])(
  'what is no place in the list, as "%s", is refused',
  async (after) => {
    const page = await studio.services.wallets.lines(PAYEES[0] ?? '', { after, limit: 5 });
    expect(page).toMatchObject({ ok: false, code: 'cursor-malformed' });
  },
);

test('who never earned has no wallet', async () => {
  const nobody = `p${'00'.repeat(16)}`;
  expect(await studio.services.wallets.show(nobody)).toMatchObject({ ok: false, code: 'payee-unknown' });
  expect(await studio.services.wallets.lines(nobody, { after: null, limit: 5 })).toMatchObject({
    ok: false,
    code: 'payee-unknown',
  });
});
