import type { Result } from '@jamnet/base';
import { type AnswerOf, type AskedOf, type Route, type RouteRequest, requestOf } from '@jamnet/studio/api';
import { type FetchCode, fetchJson } from './fetch-json.ts';
import type { Shape } from './shape.ts';

/** A shape that reads what the route promises, or less of it; anything else is found when this is compiled. */
export type ShapeFor<R extends Route, T> = Shape<T> &
  (AnswerOf<R> extends T ? unknown : 'not what the route answers');

/** Asks a route of the studio's API by its name. Its contract types what is asked and read; `shape` still reads what really came. */
export function fetchRoute<R extends Route, T>(
  route: R,
  shape: ShapeFor<R, T>,
  ...asked: AskedOf<R>
): Promise<Result<T, FetchCode>> {
  const request = requestOf(route, ...asked);
  return ask(request, shape, request.method === 'GET' ? {} : { method: request.method });
}

/** As {@link fetchRoute}, with a body of JSON. */
export function sendRoute<R extends Route, T>(
  route: R,
  shape: ShapeFor<R, T>,
  body: object,
  ...asked: AskedOf<R>
): Promise<Result<T, FetchCode>> {
  const request = requestOf(route, ...asked);
  const headers = { 'content-type': 'application/json' };
  return ask(request, shape, { method: request.method, headers, body: JSON.stringify(body) });
}

/** What takes a key is sent with one. */
function ask<T>(
  { path, isKeyed }: RouteRequest,
  shape: Shape<T>,
  init: RequestInit,
): Promise<Result<T, FetchCode>> {
  return fetchJson(path, shape, init, isKeyed ? crypto.randomUUID() : null);
}
