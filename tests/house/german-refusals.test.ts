import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GERMAN_REFUSALS } from '../../apps/web/src/api/refusals/german-refusals.ts';
// Node alone reads the studio's contracts whole: pages know their types.
import { CONTRACTS } from '../../packages/studio/src/http/contracts/all.ts';
import { COMMON_CODES, DOOR_CODES } from '../../packages/studio/src/http/contracts/codes.ts';
import { KEY_CODES } from '../../packages/studio/src/http/idempotency/takes-key.ts';

const SOURCES = fileURLToPath(new URL('../../apps/web/src', import.meta.url));
/** The room tells its refusals by a table of its own. */
const OWN_TABLE = 'live-room/';

/** Routes that pages name in their code. */
function routesOfPages(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.|\.bench\./.test(file) && !file.startsWith(OWN_TABLE),
  );
  const named = files.flatMap((file) => {
    const source = readFileSync(`${SOURCES}/${file}`, 'utf8');
    const routes = [...source.matchAll(/'((?:GET|POST|PUT|DELETE) \/[^']+)'/g)].map(
      ([, route]) => route ?? '',
    );
    // better-auth's are asked by path.
    const paths = [...source.matchAll(/['`](\/api\/auth\/[\w/-]+)/g)].flatMap(([, path]) =>
      [...CONTRACTS.keys()].filter((route) => route.split(' ')[1]?.startsWith(path ?? '')),
    );
    return [...routes, ...paths];
  });
  return [...new Set(named)].filter((route) => CONTRACTS.has(route)).sort();
}

function codesOfPages(): string[] {
  const own = routesOfPages().flatMap((route) => {
    const contract = CONTRACTS.get(route);
    return contract === undefined ? [] : [...(contract.codes ?? []), ...DOOR_CODES[contract.letsIn]];
  });
  return [...new Set([...COMMON_CODES, ...KEY_CODES, 'not-found', ...own])].sort();
}

test('the routes that pages ask are found', () => {
  const routes = routesOfPages();
  expect(routes).toContain('POST /api/account/payee');
  expect(routes).toContain('POST /api/auth/passkey/verify-registration');
  expect(routes.length).toBeGreaterThan(60);
});

test('whatever code a page can meet has a German sentence', () => {
  expect(codesOfPages().filter((code) => !Object.hasOwn(GERMAN_REFUSALS, code))).toEqual([]);
});

test.each(Object.entries(GERMAN_REFUSALS))('%s is said in a sentence', (_code, sentence) => {
  expect(sentence).toMatch(/^[A-ZÄÖÜ].*[.]$/u);
});
