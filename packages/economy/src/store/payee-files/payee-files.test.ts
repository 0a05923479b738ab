import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import {
  HOLDS_MAX,
  mayBePaid,
  newPayeeFile,
  type PayeeFile,
  type PayeeFileEvent,
  payeeFileAfter,
} from '../../core/payees/payee-file.ts';
import { order } from '../../testing/bank/bank-samples.ts';
import { payeeId } from '../../testing/sample-input.ts';
import { openPayeeFiles } from './payee-files.ts';
import { commitTo } from './personal-data.ts';

const DAY = 86_400_000_000n;
const NOW = 1_000n * DAY;
const PAYEE = payeeId(1);
const TERMS = { bankDetailRestDays: 3, taxWithheld: false };
const [A, B] = ['aa'.repeat(32), 'bb'.repeat(32)];
const COMPLETE: readonly PayeeFileEvent[] = [
  { type: 'submitted', check: 'identity', evidence: A },
  { type: 'verified', check: 'identity', evidence: A },
  { type: 'submitted', check: 'taxForm', evidence: A },
  { type: 'verified', check: 'taxForm', evidence: A },
  { type: 'submitted', check: 'bank', evidence: A },
  { type: 'verified', check: 'bank', evidence: A, nameCheck: 'match' },
];
const SCREENED: PayeeFileEvent = { type: 'verified', check: 'sanctions', evidence: B };

function after(
  events: readonly PayeeFileEvent[],
  nowUs = NOW,
  file: PayeeFile = newPayeeFile(PAYEE),
): PayeeFile {
  return events.reduce((before, event) => {
    const next = payeeFileAfter(before, event, nowUs);
    if (!next.ok) throw new Error(next.message);
    return next.value;
  }, file);
}

describe('a payee', () => {
  const complete = after([SCREENED], NOW + 3n * DAY, after(COMPLETE));

  test('is paid when all is verified, the account has rested three days, and sanctions were looked up within a day', () => {
    expect(mayBePaid(complete, NOW + 3n * DAY, TERMS)).toMatchObject({ ok: true });
    expect(mayBePaid(complete, NOW + 4n * DAY, TERMS)).toMatchObject({ code: 'check-expired' });
    expect(mayBePaid(after([SCREENED], NOW, after(COMPLETE)), NOW + DAY - 1n, TERMS)).toMatchObject({
      code: 'bank-detail-too-new',
    });
  });

  test('with any one check missing, judged badly or held is not paid, and hears why', () => {
    for (let left = 0; left < COMPLETE.length; left += 2) {
      const without = after([...COMPLETE.slice(0, left), ...COMPLETE.slice(left + 2)]);
      const at = NOW + 3n * DAY;
      expect(mayBePaid(after([SCREENED], at, without), at, TERMS)).toMatchObject({
        code: 'payee-incomplete',
      });
    }
    const at = NOW + 3n * DAY;
    const rows: readonly [string, PayeeFileEvent][] = [
      ['payee-incomplete', { type: 'rejected', check: 'taxForm', evidence: A }],
      ['payee-incomplete', { type: 'submitted', check: 'bank', evidence: B }],
      ['name-differs', { type: 'verified', check: 'bank', evidence: A, nameCheck: 'no-match' }],
      ['payee-held', { type: 'held', id: 'fraud-1', reason: 'A charge-back is open.' }],
    ];
    for (const [code, event] of rows)
      expect(mayBePaid(after([event], at, complete), at, TERMS)).toMatchObject({ code });
    const held = after(
      [
        { type: 'held', id: 'fraud-1', reason: 'x' },
        { type: 'released', id: 'fraud-1' },
      ],
      at,
      complete,
    );
    expect(mayBePaid(held, at, TERMS)).toMatchObject({ ok: true });
  });

  test('cannot be verified by what was never handed in, nor by evidence of an older account', () => {
    const refusals: readonly [string, PayeeFile, PayeeFileEvent][] = [
      ['nothing-submitted', newPayeeFile(PAYEE), { type: 'verified', check: 'bank', evidence: A }],
      [
        'evidence-differs',
        after([{ type: 'submitted', check: 'bank', evidence: B }], NOW, complete),
        { type: 'verified', check: 'bank', evidence: A },
      ],
      ['payee-event-malformed', complete, { type: 'submitted', check: 'bank', evidence: 'none' }],
      ['unknown-hold', complete, { type: 'released', id: 'none' }],
      ['payee-event-malformed', complete, { type: 'held', id: 'A B', reason: 'x' }],
      [
        'too-many-holds',
        after(
          Array.from({ length: HOLDS_MAX }, (_, n) => ({ type: 'held' as const, id: `h-${n}`, reason: 'x' })),
        ),
        { type: 'held', id: 'one-more', reason: 'x' },
      ],
    ];
    for (const [code, file, event] of refusals)
      expect(payeeFileAfter(file, event, NOW)).toMatchObject({ code });
  });

  test('who hands the same bank details in again does not wait again, with others he does', () => {
    const again = after([{ type: 'submitted', check: 'bank', evidence: A }], NOW + 9n * DAY, complete);
    expect(again).toBe(complete);
    expect(after([{ type: 'submitted', check: 'bank', evidence: B }], NOW, complete).nameCheck).toBeNull();
  });
});

describeOnEveryEngine('files of payees', (openFresh) => {
  const key = { id: 'key-1', bytes: new Uint8Array(32).fill(7) };
  const destination = order(1).to;
  const DATA = {
    legalName: 'Ann Example',
    email: 'someone@example.org',
    birthDate: '1990-02-03',
    address: { country: 'FR', townName: 'Lyon' },
    destination,
    tax: { form: 'W-9', country: 'US', taxId: '123-45-6789', signedOn: '2026-11-01' },
  };

  test('keep personal data unreadable in the database, export it, and erase it without touching the log', async () => {
    const { database, reopen } = await openFresh();
    const ledger = await openLedger(database);
    const files = await openPayeeFiles(database, key);
    const [size, leaves] = [
      await ledger.size(),
      JSON.stringify((await ledger.entries(0n, 10)).map(({ index }) => `${index}`)),
    ];
    expect(await files.hand(NOW, PAYEE, DATA)).toMatchObject({
      ok: true,
      value: {
        checks: {
          identity: { state: 'submitted' },
          taxForm: { state: 'submitted' },
          bank: { state: 'submitted' },
        },
      },
    });
    const { checks } = await files.file(PAYEE);
    for (const check of ['identity', 'taxForm', 'bank'] as const) {
      const evidence = checks[check].evidence ?? '';
      const nameCheck = check === 'bank' ? ({ nameCheck: 'close-match' } as const) : {};
      expect(
        await files.apply(NOW, PAYEE, { type: 'verified', check, evidence, ...nameCheck }),
      ).toMatchObject({ ok: true });
    }
    // What is handed in again unchanged stays verified; what changed is judged again, the rest is not.
    expect(await files.hand(NOW, PAYEE, DATA)).toMatchObject({
      value: { checks: { bank: { state: 'verified' } } },
    });
    expect(
      await files.hand(NOW, PAYEE, { ...DATA, tax: { ...DATA.tax, taxId: '987-65-4321' } }),
    ).toMatchObject({
      value: { checks: { bank: { state: 'verified' }, taxForm: { state: 'submitted' } } },
    });
    expect(await files.forPayout(NOW, PAYEE)).toEqual({ destination, taxForm: 'missing-us' });
    await files.apply(NOW + 3n * DAY, PAYEE, SCREENED);
    const kept = JSON.stringify(
      (await sql`SELECT * FROM economy_payee_file`.execute(database.kysely)).rows,
      (_, v) => (typeof v === 'bigint' ? String(v) : v),
    );
    for (const secret of [
      'example',
      destination.name,
      '987-65',
      'Lyon',
      '1990',
      JSON.stringify(destination.account),
    ])
      expect(kept).not.toContain(secret);
    const second = await reopen();
    const again = await openPayeeFiles(second, key);
    const reopened = await openLedger(second);
    expect((await again.export(PAYEE)).personal).toEqual({
      ...DATA,
      tax: { ...DATA.tax, taxId: '987-65-4321' },
    });
    expect(await again.payees()).toEqual([PAYEE]);
    expect(await again.payees(PAYEE)).toEqual([]);
    expect(await again.destinationOf(PAYEE, NOW + 3n * DAY, TERMS)).toMatchObject({
      code: 'payee-incomplete',
    });
    expect(await again.destinationOf(PAYEE, NOW + 3n * DAY, { ...TERMS, taxWithheld: true })).toEqual({
      ok: true,
      value: destination,
    });
    await again.apply(NOW, PAYEE, { type: 'held', id: 'h', reason: 'x' });
    expect(await again.erase(NOW, PAYEE)).toMatchObject({ ok: true, value: { holds: [{ id: 'h' }] } });
    const nothing = {
      destination: null,
      email: null,
      birthDate: null,
      legalName: null,
      address: null,
      tax: null,
    };
    expect(await again.export(PAYEE)).toMatchObject({
      personal: nothing,
      file: { checks: { bank: { evidence: null } } },
    });
    expect(await again.destinationOf(PAYEE, NOW, TERMS)).toMatchObject({ code: 'payee-held' });
    expect(await reopened.size()).toBe(size);
    expect(JSON.stringify((await reopened.entries(0n, 10)).map(({ index }) => `${index}`))).toBe(leaves);
  });

  test.each([
    ['personal-data-malformed', { birthDate: 'yesterday' }],
    ['personal-data-malformed', { iban: 'DE1' }],
    ['personal-data-malformed', 'Ann'],
    ['personal-data-malformed', { destination: { name: 'A', account: { kind: 'cash' } } }],
    [
      'account-unfit',
      { destination: { name: 'A', account: { kind: 'iban', iban: 'DE00500105170000000001' } } },
    ],
    [
      'account-unfit',
      {
        destination: {
          name: 'A',
          account: { kind: 'us', routingNumber: '021000022', accountNumber: '1', type: 'savings' },
        },
      },
    ],
    ['tax-form-incomplete', { tax: { form: 'DAC7', country: 'FR', taxId: '123', signedOn: '2026-01-01' } }],
    [
      'tax-form-incomplete',
      {
        legalName: 'A',
        address: { country: 'US', townName: 'X' },
        tax: { form: 'W-9', country: 'FR', taxId: '123456789', signedOn: '2026-01-01' },
      },
    ],
  ])('refuse what makes no sense, write nothing and repeat nothing of it: %s', async (code, document) => {
    const { database } = await openFresh();
    const files = await openPayeeFiles(database, key);
    const refused = await files.hand(NOW, PAYEE, document);
    expect(refused).toMatchObject({ ok: false, code });
    expect(refused.ok ? '' : refused.message).not.toMatch(/DE00|021000022|yesterday|123/);
    expect(await files.payees()).toEqual([]);
  });

  test('open with no other key, no changed byte and no other payee’s name', async () => {
    const { database } = await openFresh();
    const files = await openPayeeFiles(database, key);
    await files.hand(NOW, PAYEE, { email: 'someone@example.org' });
    const unreadable = { code: 'personal-data-unreadable' };
    await expect(
      (await openPayeeFiles(database, { ...key, id: 'key-2' })).export(PAYEE),
    ).rejects.toMatchObject(unreadable);
    await expect(
      (await openPayeeFiles(database, { id: 'key-1', bytes: new Uint8Array(32) })).export(PAYEE),
    ).rejects.toMatchObject(unreadable);
    await sql`UPDATE economy_payee_file SET payee = ${payeeId(2)}`.execute(database.kysely);
    await expect(files.export(payeeId(2))).rejects.toMatchObject(unreadable);
    expect(await files.apply(NOW, 'nobody', SCREENED)).toMatchObject({ code: 'payee-malformed' });
  });
});

test('a commitment is the same for the same salt and says nothing without it', () => {
  const document = { iban: 'DE1', name: 'A' };
  const first = commitTo(document);
  expect(commitTo(document, Buffer.from(first.saltHex, 'hex')).evidence).toBe(first.evidence);
  expect(commitTo(document).evidence).not.toBe(first.evidence);
});
