import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Studio } from '../studio.ts';
import { EPOCH, fillBooks } from '../testing/lived-books.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';
import { createServer } from './server.ts';

let directory = '';
let studio: Studio;
let server: FastifyInstance;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-books-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  server = createServer(studio.services);
});
afterAll(async () => {
  await server.close();
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(url: string) {
  const answer = await server.inject({ url, headers: { host: '127.0.0.1' } });
  return { status: answer.statusCode, body: answer.json() };
}

interface Row {
  readonly [field: string]: string;
}

/** All rows of a list, page by page. */
async function walk(url: string, name: string, limit: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await ask(`${url}${url.includes('?') ? '&' : '?'}limit=${limit}${after}`);
    expect(status).toBe(200);
    const page: readonly Row[] = body[name];
    expect(page.length).toBeLessThanOrEqual(limit);
    rows.push(...page);
    if (body.next === null) return rows;
    expect(page.length, 'a page that is not the last is full').toBe(limit);
    after = `&after=${encodeURIComponent(body.next)}`;
  }
}

describe('the books page by page', () => {
  test('accounts are the same in pages of two and at once, and nobody is told whose they are', async () => {
    const inPairs = await walk('/api/books/accounts', 'accounts', 2);
    expect(inPairs.length).toBeGreaterThan(5);
    expect(inPairs).toEqual(await walk('/api/books/accounts', 'accounts', 200));
    for (const account of inPairs)
      expect(Object.keys(account).sort()).toEqual(['asset', 'balance', 'code', 'held', 'kind']);
  });

  test('a prefix names the accounts of one sort', async () => {
    const payees = await walk('/api/books/accounts?prefix=payee:', 'accounts', 200);
    expect(payees.length).toBeGreaterThan(0);
    expect(payees.every(({ code }) => code?.startsWith('payee:'))).toBe(true);
  });

  test('an account’s moves lead from nothing to its balance', async () => {
    const accounts = await walk('/api/books/accounts', 'accounts', 200);
    for (const { code = '', balance = '' } of accounts) {
      const moves = await walk(`/api/books/moves?account=${encodeURIComponent(code)}`, 'moves', 3);
      const oldestFirst = moves.toReversed();
      let sum = 0n;
      for (const move of oldestFirst) {
        sum += BigInt(move.amount ?? '');
        expect(move.balance).toBe(sum.toString());
      }
      // What is held is reserved, not yet moved.
      expect(sum.toString()).toBe(balance);
    }
  });

  test('an epoch’s sheet adds up: streams to the revenue, kinds and payees to what was issued', async () => {
    const [line] = await walk('/api/books/epochs', 'epochs', 1);
    expect(line?.epoch).toBe(EPOCH);
    const { body } = await ask(`/api/books/epochs/${EPOCH}`);
    const sum = (rows: readonly Row[], field: string): string =>
      rows.reduce((total, row) => total + BigInt(row[field] ?? ''), 0n).toString();
    expect(sum(body.streams, 'netCents')).toBe(body.revenueCents);
    expect(sum(body.kinds, 'microJam')).toBe(body.issuedMicroJam);
    const paid = await walk(`/api/books/epochs/${EPOCH}/paid`, 'paid', 2);
    expect(paid.length).toBe(body.payees);
    expect(sum(paid, 'microJam')).toBe(body.issuedMicroJam);
    expect(2n * BigInt(body.shareCents)).toBeGreaterThanOrEqual(BigInt(body.revenueCents));
  });

  test('the file of an epoch is where its line says, and has the hash that the log fixed', async () => {
    const { body } = await ask(`/api/books/epochs/${EPOCH}`);
    const file = await server.inject({ url: body.file, headers: { host: '127.0.0.1' } });
    expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(body.sha256);
  });

  test('everything that can be taken away is listed with its size, the log as one line', async () => {
    const { body } = await ask('/api/books/files');
    expect(body.isCutShort).toBe(false);
    const paths = body.files.map(({ path }: Row) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['epochs.json', `epochs/${EPOCH}.json`, 'log.vkey', 'log/']),
    );
    expect(paths.filter((path: string) => path.startsWith('log/'))).toEqual(['log/']);
    for (const { bytes } of body.files) expect(bytes).toBeGreaterThan(0);
  });

  test('the policy is there as it was published', async () => {
    const { body } = await ask('/api/books/policies');
    expect(body.policies.length).toBeGreaterThan(0);
    expect((await ask('/api/policy')).body.sha256).toBe(body.policies[0].sha256);
  });

  test.each([
    ['/api/books/moves?account=payee:nobody:JAM', 404, 'account-unknown'],
    ['/api/books/moves?account=pool:JAM&after=yesterday', 400, 'cursor-malformed'],
    ['/api/books/moves', 400, 'request-invalid'],
    ['/api/books/accounts?limit=0', 400, 'request-invalid'],
    ['/api/books/accounts?limit=201', 400, 'request-invalid'],
    ['/api/books/epochs/1999-01', 404, 'epoch-not-closed'],
    ['/api/books/epochs/1999-01/paid', 404, 'epoch-not-closed'],
    [`/api/books/epochs/${EPOCH}/paid?after=-1`, 400, 'cursor-malformed'],
  ])('%s is answered %i %s', async (url, status, code) => {
    const answer = await ask(url);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
