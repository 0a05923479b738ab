import { CONTRIBUTION_KINDS } from '@jamnet/economy';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTRACTS } from '../contracts/all.ts';
import { Kind } from '../contracts/shapes.ts';
import { createServer } from '../server.ts';
import { openStudioWithMembers, type StudioWithMembers } from '../testing/studio-with-members.ts';

interface ApiJson {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationJson>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
interface OperationJson {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema?: unknown }> }>>;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

let house: StudioWithMembers;
let api: ApiJson;

beforeAll(async () => {
  house = await openStudioWithMembers();
  // As the tests below look at it; the validator checks the rest.
  api = (await (await fetch(`${house.origin}/api/openapi.json`)).json()) as ApiJson;
});
afterAll(() => house.close());

const operations = (): OperationJson[] => Object.values(api.paths).flatMap((path) => Object.values(path));

/** Every route but the app's own files and HEAD, which Fastify answers as GET. */
async function allRoutes(): Promise<string[]> {
  const routes: string[] = [];
  const server = createServer(house.studio.services, ({ method, url }) => {
    for (const each of [method].flat()) routes.push(`${each} ${url}`);
  });
  await server.ready();
  await server.close();
  return routes.filter(
    (route) =>
      route !== 'GET /*' && !(route.startsWith('HEAD ') && routes.includes(route.replace('HEAD', 'GET'))),
  );
}

test('the document is valid OpenAPI 3.1', async () => {
  expect(api.openapi).toMatch(/^3\.1\./);
  const validation = await new Validator().validate({ ...api });
  expect(validation.errors ?? []).toEqual([]);
  expect(validation.valid).toBe(true);
});

test('every route is in it, and nothing else', async () => {
  const told = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = (await allRoutes()).map((route) =>
    route.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}'),
  );
  expect(told.sort()).toEqual(routes.sort());
});

test('each operation says what it is for under a name of its own, what it answers and why it refuses', () => {
  const names = operations().map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { operationId, summary, responses } of operations()) {
    expect(summary.length, operationId).toBeGreaterThan(9);
    expect(Object.keys(responses), operationId).toHaveLength(2);
    const problem = responses.default?.content?.['application/problem+json']?.schema;
    expect(JSON.stringify(problem), operationId).toContain('request-invalid');
  }
});

test('every reference leads to a shape, and every shape is referred to', () => {
  const referred = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(referred)].sort()).toEqual(Object.keys(api.components.schemas).sort());
});

test('the page for reading names every route', async () => {
  const text = await (await fetch(`${house.origin}/api/docs`)).text();
  for (const route of CONTRACTS.keys()) expect(text, route).toContain(`<code>${route}</code>`);
  expect(text).toContain('token with <code>wallet:read</code>');
});

test('the ways to contribute are those of the economy', () => {
  expect(Kind.enum).toEqual(CONTRIBUTION_KINDS);
});

test('no contract is of a route that is gone', async () => {
  const routes = await allRoutes();
  expect([...CONTRACTS.keys()].filter((route) => !routes.includes(route))).toEqual([]);
});
