import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer } from '../http/server.ts';
import type { Studio } from '../studio.ts';
import { EPOCH, fillBooks, HOSTILE_SUBJECT, PAYEES } from '../testing/lived-books.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';
import { StatementLinks } from './statement-links.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const [ME = '', OTHER = ''] = PAYEES;

let directory = '';
let studio: Studio;
let server: FastifyInstance;
let token = '';
let link = '';

type Who = 'anybody' | 'payee' | 'operator';

/** A request as one of three readers makes it. */
async function ask(
  who: Who,
  url: string,
  options: { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: unknown } = {},
) {
  const query = who === 'payee' ? `${url.includes('?') ? '&' : '?'}${link}` : '';
  const answer = await server.inject({
    method: options.method ?? 'GET',
    url: url + query,
    headers: { host: '127.0.0.1', ...(who === 'operator' ? { authorization: `Bearer ${token}` } : {}) },
    ...(options.body === undefined ? {} : { payload: options.body as object }),
  });
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    text: answer.body,
    headers: answer.headers,
  };
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-reports-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  server = createServer(studio.services);
  token = studio.services.operatorToken;
  const made = await studio.services.reading.statementLink(ME, EPOCH, 7);
  if (!made.ok) throw new Error(made.message);
  link = made.value.path.split('?')[1] ?? '';
});
afterAll(async () => {
  await server.close();
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

const PUBLIC_PAGES = [
  '/reports/',
  '/reports/leaderboard',
  `/reports/leaderboard?kind=music&epoch=${EPOCH}`,
  `/reports/epochs/${EPOCH}`,
  '/reports/price',
];
const STATEMENT = `/reports/statements/${ME}/${EPOCH}`;

describe('who may read what', () => {
  /** Status for anybody, for the payee's link and for the operator. */
  const TABLE: readonly (readonly [string, number, number, number])[] = [
    ...PUBLIC_PAGES.map((page) => [page, 200, 200, 200] as const),
    ['/reports/reports.css', 200, 200, 200],
    ['/api/reports/success', 200, 200, 200],
    ['/api/reports/leaderboard', 200, 200, 200],
    ['/api/reports/price', 200, 200, 200],
    ['/api/perks', 200, 200, 200],
    [`${STATEMENT}.html`, 401, 200, 200],
    [`${STATEMENT}.csv`, 401, 200, 200],
    [STATEMENT, 401, 200, 200],
    [`/reports/statements/${OTHER}/${EPOCH}.html`, 401, 401, 200],
    [`/reports/statements/${ME}/another.html`, 401, 401, 404],
    [`/api/reports/statements/${ME}/${EPOCH}`, 401, 401, 200],
    ['/api/reports/tax/2026', 401, 401, 200],
    ['/api/reports/tax/2026?form=csv', 401, 401, 200],
    [`/api/payees/${ME}/perks`, 401, 401, 200],
    [`/api/perks/${'0'.repeat(32)}/journal`, 401, 401, 200],
  ];
  // An open page that knows no links refuses the two words of one as unknown (400), which tells nothing either.
  const strict = (status: number, url: string): number => (/leaderboard/.test(url) ? 400 : status);
  test.each(TABLE)('%s: anybody %i, its payee %i, the operator %i', async (url, anybody, payee, operator) => {
    expect((await ask('anybody', url)).status).toBe(anybody);
    expect((await ask('payee', url)).status).toBe(strict(payee, url));
    expect((await ask('operator', url)).status).toBe(operator);
  });

  test.each([
    ['POST', '/api/perks', { payee: ME, item: 'ai-hour', quantity: 1, key: 'k' }],
    ['POST', '/api/perks/settle', {}],
    ['POST', `/api/perks/${'0'.repeat(32)}/use`, { quantity: 1, reference: 'r' }],
    ['POST', `/api/perks/${'0'.repeat(32)}/revoke`, { reason: 'r' }],
    ['POST', '/api/perks/discounts', { code: 'AAAA' }],
    ['POST', '/api/reports/links', { payee: ME, epoch: EPOCH, days: 7 }],
    ['POST', '/api/reports/cap-table', { issuer: {} }],
    ['PUT', `/api/names/${OTHER}`, { name: 'x' }],
    ['DELETE', `/api/names/${OTHER}`, undefined],
  ] as const)('%s %s needs the operator', async (method, url, body) => {
    expect((await ask('anybody', url, { method, body })).status).toBe(401);
    expect((await ask('operator', url, { method, body })).status).not.toBe(401);
  });

  test('public pages tell nothing that the public file does not: no receipts, payers, subjects or redemptions', async () => {
    const data = ['/api/reports/success', '/api/reports/leaderboard', '/api/reports/price'];
    for (const page of [...PUBLIC_PAGES, ...data]) {
      const { text } = await ask('anybody', page);
      expect(text).not.toMatch(/payer-\d|receipt-\d|invoice|subject \d|HYPERLINK|use-\d/);
    }
  });

  test('a statement by API tells nothing of what others got', async () => {
    const { text } = await ask('operator', `/api/reports/statements/${ME}/${EPOCH}`);
    for (const payee of PAYEES.slice(1)) expect(text).not.toContain(payee);
  });
});

describe('links to statements', () => {
  const links = new StatementLinks(new Uint8Array(32).fill(1));
  const given = (query: string) => {
    const words = new URLSearchParams(query);
    return { until: Number(words.get('until')), key: words.get('key') ?? '' };
  };
  test('hold for one payee and epoch until they expire, and not when anything is changed', () => {
    const good = given(links.query(ME, EPOCH, 1000));
    expect(links.isValid(ME, EPOCH, good, 999)).toBe(true);
    expect(links.isValid(ME, EPOCH, good, 1000)).toBe(false);
    expect(links.isValid(OTHER, EPOCH, good, 999)).toBe(false);
    expect(links.isValid(ME, 'x', good, 999)).toBe(false);
    expect(links.isValid(ME, EPOCH, { ...good, until: 2000 }, 999)).toBe(false);
    expect(links.isValid(ME, EPOCH, { ...good, key: '0'.repeat(64) }, 999)).toBe(false);
    expect(new StatementLinks(new Uint8Array(32)).isValid(ME, EPOCH, good, 999)).toBe(false);
  });
});

describe('pages', () => {
  test.each([...PUBLIC_PAGES, `${STATEMENT}.html`])(
    '%s escapes what others wrote and needs neither script nor inline style',
    async (url) => {
      const { text, headers } = await ask('operator', url);
      expect(text).not.toMatch(/<img|<script|onerror=(?!alert\(1\)&gt;)|<b>& audit|\sstyle=|\son[a-z]+="/);
      expect(String(headers['content-security-policy'])).not.toContain('unsafe-inline');
      expect(headers['cache-control']).toContain('no-store');
    },
  );

  test('the named member is named, escaped, until the name is withdrawn', async () => {
    const name = '&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Zoë&quot;';
    for (const page of ['/reports/leaderboard', `/reports/epochs/${EPOCH}`])
      expect((await ask('anybody', page)).text).toContain(name);
    await ask('operator', `/api/names/${ME}`, { method: 'DELETE' });
    for (const page of ['/reports/leaderboard', `/reports/epochs/${EPOCH}`])
      expect((await ask('anybody', page)).text).not.toContain('Zoë');
  });

  test('the success page has each figure with its definition and a proof that exists', async () => {
    const answer = JSON.parse((await ask('anybody', '/api/reports/success')).text) as {
      figures: { id: string; value: string; definition: string; proof: { href: string } }[];
    };
    expect(answer.figures.map(({ id, value }) => [id, value])).toEqual([
      ['operators', '2'],
      ['participants', '6'],
      ['recurring-revenue', '$1,880.51'],
      ['share-returned', '50.00 %'],
      ['share-returned-ever', '50.00 %'],
      ['correlation', expect.stringMatching(/^-?[01]\.\d{3}$/)],
    ]);
    for (const { definition, proof } of answer.figures) {
      expect(definition.length).toBeGreaterThan(60);
      expect((await ask('anybody', proof.href)).status, proof.href).toBe(200);
    }
  });

  test('the statement explains its amount to the line, and its CSV sums to it', async () => {
    const csv = (await ask('payee', `${STATEMENT}.csv`)).text.trimEnd().split('\r\n');
    const column = (csv[0] ?? '').split(',').indexOf('jam') - (csv[0] ?? '').split(',').length;
    const cells = csv.slice(1).map((line) => line.split(','));
    const sum = cells.reduce((total, row) => total + BigInt((row.at(column) ?? '').replace('.', '')), 0n);
    expect(sum).toBe(BigInt((cells[0]?.at(column + 1) ?? '').replace('.', '')));
    expect(csv.join()).toContain(`"'${HOSTILE_SUBJECT.replaceAll('"', '""')}"`);
    const { text } = await ask('payee', `${STATEMENT}.html`);
    expect(text).toContain('receipt-1');
    expect(text).toContain('&lt;script&gt;');
    expect(text).toContain('Redemptions of this wallet');
  });

  test('the price page has every valuation with its document and approver', async () => {
    const { text } = await ask('anybody', '/reports/price');
    for (const dollars of ['2.0000', '2.2500', '2.1000', '2.6000', '3.1250'])
      expect(text).toContain(`$${dollars}`);
    expect(text).toContain('board &lt;b&gt;&amp; audit&lt;/b&gt;');
    expect(text.match(/class="hash">d{60,}/g)).toHaveLength(5);
    expect(text.match(/<svg class="chart/g)).toHaveLength(3);
  });

  test.each([
    ['/reports/epochs/nothing', 404],
    [`/reports/leaderboard?epoch=nothing`, 404],
    ['/reports/leaderboard?kind=luck', 400],
    [`/reports/epochs/${'x'.repeat(65)}`, 400],
    ['/reports/epochs/..%2f..%2foperator.token', 400],
    ['/api/reports/tax/1999', 400],
  ] as const)('%s is answered %i', async (url, status) => {
    expect((await ask('operator', url)).status).toBe(status);
  });

  test('who is behind a pseudonym is in the tax file only when it is asked for', async () => {
    const year = new Date().getUTCFullYear();
    const personal = { legalName: '=Ada "Example"', birthDate: '1990-02-03' };
    const set = await studio.services.cash.payees.set(ME, personal);
    expect(set).toMatchObject({ ok: true });
    const plain = await ask('operator', `/api/reports/tax/${year}?form=csv`);
    const named = await ask('operator', `/api/reports/tax/${year}?form=csv&identity=true`);
    expect(plain.text).not.toContain('Ada');
    expect(named.text).toContain(`${ME},"'=Ada ""Example""",,,,1990-02-03`);
    expect((await ask('anybody', `/api/reports/tax/${year}?form=csv&identity=true`)).status).toBe(401);
  });

  test('tax totals come as JSON and CSV; an unknown member of the question is refused', async () => {
    const year = new Date().getUTCFullYear();
    expect((await ask('operator', `/api/reports/tax/${year}?form=csv`)).text).toMatch(/^year,basis,payee,/);
    expect((await ask('operator', `/api/reports/tax/${year}?basis=issue`)).text).toContain('"basis":"issue"');
    expect((await ask('operator', `/api/reports/tax/${year}?basis=luck`)).status).toBe(400);
  });
});

test('books with a perk, a redemption and later valuations pass the audit', async () => {
  expect(await studio.services.audit()).toMatchObject({ verdict: 'ok' });
});

test('the reports have the colours and faces of the studio’s page', () => {
  const css = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');
  const tokens = (text: string): Map<string, string> =>
    new Map(
      [...text.matchAll(/^ {2}(--[a-z-]+):\s*([^;]+);/gm)].map((match) => [
        match[1] ?? '',
        (match[2] ?? '').replace(/\s+/g, ' '),
      ]),
    );
  const web = tokens(css('apps/web/src/look/tokens.css'));
  const own = tokens(css('packages/studio/src/reports/reports.css').split('@media print')[0] ?? '');
  for (const [name, value] of own) if (web.has(name)) expect(value, name).toBe(web.get(name));
  expect([...own.keys()].filter((name) => web.has(name)).length).toBeGreaterThan(15);
});
