import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { PARTNERS_MAX, PartnerList } from './partner-list.ts';
import { ProposalBook } from './proposal-book.ts';
import { SHIPPED_LICENCES_MAX, shippedLicences } from './shipped-licences.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

const REFUSED = [
  ['an address that a click would run', { url: 'javascript:alert(1)' }],
  ['an address that anybody on the way may change', { url: 'http://mill.example' }],
  ['an address with a password', { url: 'https://a:b@mill.example' }],
  ['no address', { url: 'mill' }],
  ['an address too long', { url: `https://mill.example/${'x'.repeat(200)}` }],
  ['a name of two lines', { name: 'a\nb' }],
  ['no word on what it does', { what: ' ' }],
] as const;

describeOnEveryEngine('partners', (openFresh) => {
  async function open(): Promise<PartnerList> {
    const { database } = await openFresh();
    await ProposalBook.open(database);
    let made = 0;
    return new PartnerList({ database, nowUs: () => 7n, newId: () => `${made++}`.padStart(16, '0') });
  }
  const mill = { name: 'The Mill', what: 'Lends machines', url: 'https://mill.example' };

  test('are those that the operator entered, until they are taken off; nobody is there from the start', async () => {
    const partners = await open();
    expect(await partners.list()).toEqual([]);
    const listed = [{ ...mill, id: '0'.repeat(16), url: 'https://mill.example/', sinceUs: '7' }];
    expect(await partners.add(mill)).toEqual({ ok: true, value: listed });
    expect(await partners.add({ ...mill, what: 'else' })).toMatchObject({ code: 'partner-exists' });
    expect(await partners.remove('0'.repeat(16))).toEqual({ ok: true, value: [] });
    expect(await partners.remove('0'.repeat(16))).toMatchObject({ code: 'partner-unknown' });
  });

  test('with an address that is no page, a name of two lines or no word on what they do are refused', async () => {
    const partners = await open();
    for (const [what, changed] of REFUSED)
      expect(await partners.add({ ...mill, ...changed }), what).toMatchObject({ code: 'partner-malformed' });
    expect(await partners.list()).toEqual([]);
  });
  test('are as many as the page shows', async () => {
    const partners = await open();
    for (let n = 0; n < PARTNERS_MAX; n++) await partners.add({ ...mill, name: `Mill ${n}` });
    expect(await partners.add(mill)).toMatchObject({ code: 'too-many-partners' });
  });
});

test('licences are read from the files that ship: the program, each author of sounds, packages by licence', () => {
  const licences = shippedLicences(CHECKOUT);
  expect(licences[0]).toEqual({ licence: 'MIT License', part: 'program', author: '', count: 1 });
  const sounds = licences.filter(({ part }) => part === 'sounds');
  expect(sounds).toContainEqual(expect.objectContaining({ licence: 'CC0', author: '2010 menegass' }));
  expect(new Set(sounds.map(({ licence }) => licence)).size).toBeGreaterThan(2);
  const packages = licences.filter(({ part }) => part === 'packages');
  expect(packages.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(100);
  expect(packages.map(({ author }) => author).join('')).toBe('');
});

test('no licence of this checkout is left out, and of a table without end the most are told', () => {
  expect(shippedLicences(CHECKOUT).length).toBeLessThan(SHIPPED_LICENCES_MAX);
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-licences-'));
  try {
    const rows = Array.from({ length: SHIPPED_LICENCES_MAX + 1 }, (_, row) => `author ${row}\tCC0`);
    mkdirSync(join(directory, 'samples'));
    writeFileSync(join(directory, 'samples', 'SOURCES.tsv'), ['author\tlicence', ...rows].join('\n'));
    expect(shippedLicences(directory)).toHaveLength(SHIPPED_LICENCES_MAX);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('where a file is not shipped it names no licence', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-licences-'));
  try {
    expect(shippedLicences(directory)).toEqual([]);
    const packages = {
      '': { license: 'MIT' },
      'packages/own': { license: 'MIT' },
      'node_modules/a': { license: 'ISC' },
      'node_modules/b': {},
      'node_modules/c': { license: 'GPL-3.0', dev: true },
    };
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ packages }));
    expect(shippedLicences(directory)).toEqual([
      { licence: 'ISC', part: 'packages', author: '', count: 1 },
      { licence: '?', part: 'packages', author: '', count: 1 },
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
