import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { benchLedger } from './bench-ledger.ts';

test('the bench does the same work on both sides of both engines and reports it', async () => {
  const url = new URL(inject('postgresUrl'));
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  // Amounts go 1…97 and again: three rounds, then 1…9.
  const paid = 3n * ((97n * 98n) / 2n) + 45n;
  try {
    const report = await benchLedger({ batch: 100, entries: 300, accounts: 50, postgresUrl: url.href });
    for (const row of [report.sqlite, report.postgres]) {
      expect(row).toMatchObject({ batch: 100, entries: 300, checksum: String(10n ** 15n - paid) });
      expect(row?.entriesPerSecond).toBeGreaterThan(0);
      expect(row?.ratio).toBeGreaterThan(0);
    }
  } finally {
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement);
  await client.end();
}
