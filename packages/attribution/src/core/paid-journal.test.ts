import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EMPTY_JOURNAL,
  enterBounty,
  enterUses,
  PAID_EPOCHS_MAX,
  PAID_KEYS_MAX,
  type PaidJournal,
  paidUses,
  readPaidJournal,
  unpaidOfBounty,
  writePaidJournal,
} from './paid-journal.ts';

const key = (n: number): string => n.toString(16).padStart(32, '0');
const journalOf = (result: ReturnType<typeof enterUses>): PaidJournal => {
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

test('use is paid once an epoch, and again in the next one', () => {
  const journal = journalOf(enterUses(journalOf(enterUses(EMPTY_JOURNAL, 'e1', [key(1)])), 'e1', [key(2)]));
  expect(paidUses(journal, 'e1')).toEqual(new Set([key(1), key(2)]));
  expect(paidUses(journal, 'e2').size).toBe(0);
});

test('a bounty pays a statement once for ever', () => {
  const journal = journalOf(enterBounty(EMPTY_JOURNAL, 'e1', [key(1), key(2)]));
  expect(unpaidOfBounty(journal, [key(2), key(3)])).toEqual([key(3)]);
  const later = journalOf(enterBounty(journal, 'e9', [key(2)]));
  expect(later.bounties.get(key(2))).toBe('e1');
});

test('the oldest epoch is forgotten when there are too many', () => {
  let journal = EMPTY_JOURNAL;
  for (let n = 0; n <= PAID_EPOCHS_MAX; n++) journal = journalOf(enterUses(journal, `e${n}`, [key(n)]));
  expect([...journal.uses.keys()]).toEqual(Array.from({ length: PAID_EPOCHS_MAX }, (_, n) => `e${n + 1}`));
});

test('so many statements fit and not one more; what does not fit changes nothing', () => {
  const keys = function* (count: number): Generator<string> {
    for (let n = 0; n < count; n++) yield `k${n}`;
  };
  const full = journalOf(enterUses(EMPTY_JOURNAL, 'e1', keys(PAID_KEYS_MAX)));
  expect(enterBounty(full, 'e1', [key(1)])).toMatchObject({ ok: false, code: 'paid-journal-full' });
  expect(full.bounties.size).toBe(0);
});

test('a journal is read as it was written', () => {
  const keys = fc.array(fc.nat(1000).map(key));
  const epochs = fc.dictionary(fc.string(), keys, { maxKeys: PAID_EPOCHS_MAX });
  fc.assert(
    fc.property(epochs, keys, (drawn, bounties) => {
      let journal = EMPTY_JOURNAL;
      for (const [epoch, list] of Object.entries(drawn)) journal = journalOf(enterUses(journal, epoch, list));
      journal = journalOf(enterBounty(journal, 'e', bounties));
      expect(readPaidJournal(writePaidJournal(journal))).toEqual({ ok: true, value: journal });
    }),
  );
});

test.each([
  ['', 'null', '{}', '[]'],
  [JSON.stringify({ schema: 'jamnet/paid-statements/v1', uses: [['e', ['short']]], bounties: [] })],
  [JSON.stringify({ schema: 'jamnet/paid-statements/v1', uses: [], bounties: [[key(1), 7]] })],
  [JSON.stringify({ schema: 'jamnet/paid-statements/v2', uses: [], bounties: [] })],
])('a journal that reads %s is refused: paying without one could pay twice', (...texts) => {
  for (const text of texts)
    expect(readPaidJournal(text)).toMatchObject({ ok: false, code: 'paid-journal-malformed' });
});
