import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CliRun, runCli } from '../setup/studio-process.ts';

interface Report {
  takes: {
    id: string;
    seconds: number;
    packets: number;
    lost: number;
    recovered: number;
    concealed: number;
    delayMsP50: number;
    delayMsP99: number;
  }[];
  tasks: { verified: number; rejected: number };
  contributions: { music: number; code: number; compute: number; curation: number };
  epoch: {
    revenueCents: number;
    contributorShareCents: number;
    issuedMicroJam: number;
    contributors: number;
  };
  liarCaught: boolean;
  audit: string;
}

describe('the sample evening', () => {
  const directories = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'jamnet-evening-')));
  const [firstDirectory = '', secondDirectory = ''] = directories;
  let first: CliRun;
  let report: Report;

  beforeAll(async () => {
    first = await runCli(['up', '--once', '--json', '--data', firstDirectory]);
    if (first.code !== 0) throw new Error(first.stderr);
    report = JSON.parse(first.stdout) as Report;
  }, 240_000);
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });

  test('ends well with one JSON object on stdout and nothing else', () => {
    expect(first.code).toBe(0);
    expect(first.stdout.trim().split('\n')).toHaveLength(1);
  });

  test('two musicians hear each other over a network that really lost packets, and every loss is accounted for', () => {
    expect(report.takes).toHaveLength(2);
    for (const take of report.takes) {
      expect(take.seconds).toBeGreaterThan(10);
      expect(take.lost).toBeGreaterThan(0);
      expect(take.recovered).toBeGreaterThan(0);
      expect(take.concealed).toBeGreaterThan(0);
      expect(take.recovered + take.concealed).toBe(take.lost);
      expect(take.delayMsP50).toBeGreaterThan(0);
      expect(take.delayMsP99).toBeGreaterThanOrEqual(take.delayMsP50);
    }
  });

  test('all four kinds of work earn, the liar is caught, and the books agree', () => {
    for (const count of Object.values(report.contributions)) expect(count).toBeGreaterThan(0);
    expect(report.tasks.verified).toBeGreaterThan(0);
    expect(report.tasks.rejected).toBeGreaterThan(0);
    expect(report).toMatchObject({ liarCaught: true, audit: 'ok' });
  });

  test('at least half of the revenue goes back', () => {
    expect(2 * report.epoch.contributorShareCents).toBeGreaterThanOrEqual(report.epoch.revenueCents);
    expect(report.epoch.issuedMicroJam).toBeGreaterThan(0);
  });

  test('the audit command agrees from the public files alone', async () => {
    const audit = await runCli(['audit', join(firstDirectory, 'public'), '--json']);
    expect(JSON.parse(audit.stdout)).toMatchObject({ verdict: 'ok', witnessed: false });
    expect(audit.code).toBe(0);
  });

  test.each([
    [
      'an amount in the epoch',
      'epochs/sample-jamnet.json',
      (text: string) => text.replace('"issuedMicroJam":"110250000"', '"issuedMicroJam":"110250001"'),
    ],
    [
      'a payee in the epoch',
      'epochs/sample-jamnet.json',
      (text: string) =>
        text.replace(/"payee":"p(.)/, (_, digit: string) => `"payee":"p${digit === '0' ? '1' : '0'}`),
    ],
    ['the list of epochs', 'epochs.json', () => '[]'],
    [
      'the signed root',
      'log/checkpoint',
      (text: string) => text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) - 1}\n`),
    ],
    ['the verifier key', 'log.vkey', (text: string) => text.replace(/.{6}\n$/, 'AAAAAA\n')],
  ])('the audit finds a change of %s', async (_, path, tamper) => {
    const copy = mkdtempSync(join(tmpdir(), 'jamnet-tampered-'));
    try {
      cpSync(join(firstDirectory, 'public'), copy, { recursive: true });
      const file = join(copy, path);
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, tamper(before));
      expect(readFileSync(file, 'utf8')).not.toBe(before);
      const audit = await runCli(['audit', copy]);
      expect(audit.code, audit.stdout).toBe(3);
      expect(audit.stdout).toContain('FAILED');
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  test('running it again in the same directory pays nobody twice', async () => {
    const again = await runCli(['up', '--once', '--json', '--data', firstDirectory]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual(report);
  });

  test('steps that ran and were not written down are repeated without paying anybody again', async () => {
    const diaryFile = join(firstDirectory, 'evening.json');
    const diary = JSON.parse(readFileSync(diaryFile, 'utf8')) as { results: Record<string, unknown> };
    const wallets = (await runCli(['wallet', '--json', '--data', firstDirectory])).stdout;
    for (const step of ['code', 'curate', 'revenue', 'close', 'redeem', 'audit']) delete diary.results[step];
    writeFileSync(diaryFile, JSON.stringify(diary));
    const again = await runCli(['up', '--once', '--json', '--data', firstDirectory]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual(report);
    expect((await runCli(['wallet', '--json', '--data', firstDirectory])).stdout).toBe(wallets);
  });

  test('what was issued is the share at the unit price, and the wallets sum to it', async () => {
    const wallets = JSON.parse((await runCli(['wallet', '--json', '--data', firstDirectory])).stdout) as {
      amountMicroJam: string;
    }[];
    const issued = wallets.reduce((sum, wallet) => sum + BigInt(wallet.amountMicroJam), 0n);
    // The sample's valuation: $20,000,000.00 for 10,000,000 units.
    const atUnitPrice =
      (BigInt(report.epoch.contributorShareCents) * 10_000_000n * 1_000_000n) / 2_000_000_000n;
    expect(issued).toBe(BigInt(report.epoch.issuedMicroJam));
    expect(issued).toBe(atUnitPrice);
  });

  test('the same seed in another directory and on PostgreSQL gives the same contributions and payments to the unit', async () => {
    const server = inject('postgresUrl');
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query('CREATE DATABASE evening');
    await client.end();
    const DATABASE_URL = server.replace(/\/postgres$/, '/evening');
    const second = await runCli(['up', '--once', '--json', '--data', secondDirectory], { DATABASE_URL });
    expect(second.code, second.stderr).toBe(0);
    const other = JSON.parse(second.stdout) as Report;
    expect(other.contributions).toEqual(report.contributions);
    expect(other.epoch).toEqual(report.epoch);
    const onPostgres = await runCli(['wallet', '--json', '--data', secondDirectory], { DATABASE_URL });
    const onSqlite = await runCli(['wallet', '--json', '--data', firstDirectory]);
    expect(JSON.parse(onPostgres.stdout)).toEqual(JSON.parse(onSqlite.stdout));
  }, 240_000);
});
