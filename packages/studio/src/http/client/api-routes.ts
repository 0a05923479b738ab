import type { Static, TSchema } from 'typebox';
import type { CONTRACTS_BY_AREA } from '../contracts/all.ts';
import { KEYED_ROUTES } from './keyed-routes.ts';

export { PAGE_ROWS_MAX, type Page } from '../../paging/page.ts';
export { askOnce, type WholeAnswer } from './ask-once.ts';

// The API's routes as types, of the contracts that the server itself goes by: what a page or a command asks and reads is checked when it is compiled.

type ByArea = typeof CONTRACTS_BY_AREA;

/** Every route, as `METHOD /path/:parameter`. */
export type Route = { [A in keyof ByArea]: keyof ByArea[A] & string }[keyof ByArea];

type ContractOf<R extends Route> = {
  [A in keyof ByArea]: R extends keyof ByArea[A] ? ByArea[A][R] : never;
}[keyof ByArea];

/** What a route answers as JSON. */
export type AnswerOf<R extends Route> =
  ContractOf<R> extends { readonly answer: infer S extends TSchema } ? Static<S> : never;

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** What stands in a route's path. */
export type ParamsOf<R extends Route> = Readonly<Record<Names<R>, string | number>>;

export interface Asked<R extends Route> {
  readonly params: ParamsOf<R>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Parameters may be left away where a route has none. */
export type AskedOf<R extends Route> = [Names<R>] extends [never]
  ? [asked?: Omit<Asked<R>, 'params'>]
  : [asked: Asked<R>];

const KEYED: ReadonlySet<string> = new Set(KEYED_ROUTES);

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  /** It takes an Idempotency-Key: sent again with the same one, it is done once. */
  readonly isKeyed: boolean;
}

/** The method and path that ask a route; whatever stands in parameters stays one part of the path. */
export function requestOf<R extends Route>(route: R, ...[asked = {}]: AskedOf<R>): RouteRequest {
  const [method = '', pattern = ''] = route.split(' ');
  const { params = {}, query = {} } = asked as Partial<Asked<Route>>;
  const path = pattern.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Readonly<Record<string, unknown>>)[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return { method, path: search.size === 0 ? path : `${path}?${search}`, isKeyed: KEYED.has(route) };
}

const KEYED_PATHS = KEYED_ROUTES.map((route) => new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`));

/** Whether a path is of a route that takes an Idempotency-Key, for who has no more than the path. */
export function isKeyedPath(method: string, path: string): boolean {
  return KEYED_PATHS.some((pattern) => pattern.test(`${method} ${path}`));
}
