import { present } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { Books } from '../store/books.ts';
import { openEconomy } from '../store/open-economy.ts';
import { contributionColumns, receiptColumns } from '../store/rows-of.ts';
import { madeUpEpoch } from './made-up-epoch.ts';

/** `node load-epoch-main.ts FILE SEED CONTRIBUTORS CONTRIBUTIONS RECEIPTS USES`: a database with an open, made-up epoch. */
const [file = '', seed = '', ...sizes] = process.argv.slice(2);
const [contributors = 0, contributions = 0, receipts = 0, uses = 0] = sizes.map(Number);
const made = madeUpEpoch({ contributors, contributions, receipts, uses }, seed);
const database = openSqlite({ file });
const ledger = await openLedger(database);
const economy = await openEconomy(database, ledger);

/** What a refusal would hide. */
function must<T extends { ok: boolean }>(answer: T): T {
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

must(await economy.publishPolicy(1n, made.terms.policy));
must(await economy.openEpoch(1n));
if (made.terms.valuation) must(await economy.addValuation(1n, made.terms.valuation));

if (database.engine !== 'sqlite') throw new Error('the benchmark is of the embedded store');
const { sqlite } = database;
// Straight into the tables, as the intake would leave them: its checks are not what is measured.
const insert = (table: string, columns: object): ((row: object) => void) => {
  const names = Object.keys(columns);
  const statement = sqlite.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})`,
  );
  // The intake's own columns: texts, bigints and null.
  return (row) => void statement.run(row as Record<string, string | bigint | null>);
};
sqlite.exec('PRAGMA synchronous=OFF; BEGIN');
let paidCents = 0n;
let put: ((row: object) => void) | null = null;
for (const receipt of made.terms.receipts) {
  const row = { ...receiptColumns(receipt), posted: 1n };
  put ??= insert('economy_receipt', row);
  put(row);
  paidCents += receipt.amountCents;
}
put = null;
const contributionNumbers = new Map<string, bigint>();
for (const contribution of made.contributions()) {
  const number = BigInt(contributionNumbers.size + 1);
  contributionNumbers.set(contribution.id, number);
  const row = { ...contributionColumns(contribution), number };
  put ??= insert('economy_contribution', row);
  put(row);
}
put = null;
const names = new Map<string, bigint>();
const putName = insert('economy_name', { number: 0n, name: '' });
/** Number of a name, given now if it has none. */
const numberOf = (name: string): bigint => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const number = BigInt(names.size + 1);
  names.set(name, number);
  putName({ number, name });
  return number;
};
for (const use of made.uses()) {
  const row = {
    row_id: use.row,
    contribution: present(contributionNumbers.get(use.contribution), use.contribution),
    meter: numberOf(use.meter),
    quantity: use.quantity,
    principal: numberOf(use.principal),
  };
  put ??= insert('economy_use', row);
  put(row);
}
const payee = sqlite.prepare('INSERT INTO economy_payee VALUES (?, ?, ?, 1)');
for (const verified of made.terms.verifiedPayees) payee.run(verified, verified, '00'.repeat(32));
sqlite.exec('COMMIT');
sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
const legs = [
  { account: ACCOUNTS.outsideUsd, amount: -paidCents },
  { account: ACCOUNTS.incomeUsd, amount: paidCents },
];
await new Books(ledger).post(1n, [{ key: 'receipts', kind: 'receipt', legs }]);
await database.close();
