import type { TSchema } from 'typebox';
import type { Door } from './doors.ts';

/**
 * What a route promises beside the schemas that validate its requests. The API document, the gate of the route, the scopes of API
 * tokens, the table of doors and the typed client are all made of this: a route that has none is refused by its tests.
 */
export interface Contract {
  /** What it is for, as a reader of the API's document sees it. */
  readonly summary: string;
  readonly letsIn: Door;
  /** The gate is inside the handler, which looks at more than who asks. */
  readonly isGuardedInside?: true;
  /** A POST that changes nothing: it takes no key (Idempotency-Key). */
  readonly onlyLooks?: true;
  /** Of its JSON answer; instead of it `media`, where the answer is none. */
  readonly answer?: TSchema;
  readonly media?: string;
  /** Of the good answer; 200 unless it says so. */
  readonly status?: number;
  /** Why it refuses, beside what every route and its door may say. */
  readonly codes?: readonly string[];
  /** Requests, where the route itself names no schemas. */
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Media type of a body that is no JSON by a schema. */
  readonly takes?: string;
}

/** By `METHOD /path`, as Fastify writes paths. */
export type Contracts = Readonly<Record<string, Contract>>;
