import type { FastifySchema, RouteOptions } from 'fastify';
import { type AreaContract, CONTRACTS, CONTRACTS_BY_AREA } from '../contracts/all.ts';
import { COMMON_CODES, DOOR_CODES } from '../contracts/codes.ts';
import { DOORS } from '../contracts/doors.ts';
import { scopeOf } from '../contracts/scopes.ts';
import { KEY_CODES, takesKey } from '../idempotency/takes-key.ts';
import { ApiSchemas } from './api-schemas.ts';

/** The media type of RFC 9457. */
const PROBLEM = 'application/problem+json';

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The OpenAPI 3.1 document of a server, made of its routes as they are added: what validates a request is what is told of it. */
export class ApiDocument {
  readonly #schemas = new ApiSchemas();
  readonly #operations: Operation[] = [];

  add(route: RouteOptions): void {
    for (const method of [route.method].flat()) {
      // Fastify answers HEAD wherever it answers GET: that goes without saying.
      const contract = CONTRACTS.get(`${method} ${route.url}`);
      if (contract !== undefined) this.#operations.push(this.#operation(method, route, contract));
    }
  }

  /** `version` is the studio's. */
  asJson(version: string): Readonly<Record<string, unknown>> {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const { path, method, value } of this.#operations) paths[path] = { ...paths[path], [method]: value };
    return {
      openapi: '3.1.1',
      info: {
        title: 'JAMNet studio',
        version,
        description:
          'Amounts and moments are whole numbers as decimal text. Every refusal is a problem (RFC 9457) with a code of the list that its route names. Readers leave aside members that they do not know: newer studios say more.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: Object.keys(CONTRACTS_BY_AREA).map((name) => ({ name })),
      paths,
      components: { schemas: this.#schemas.named, securitySchemes: SECURITY_SCHEMES },
    };
  }

  #operation(method: string, { url, schema = {} }: RouteOptions, contract: AreaContract): Operation {
    const door = DOORS[contract.letsIn];
    const path = pathOf(url);
    const body = this.#requestBody(schema, contract);
    const isKeyed = takesKey(method, contract);
    return {
      path,
      method: method.toLowerCase(),
      value: {
        operationId: operationId(method, path),
        tags: [contract.area],
        summary: contract.summary,
        ...('note' in door && { description: door.note }),
        'x-door': contract.letsIn,
        'x-lets-in': door.letsIn,
        security: securityOf(method, contract),
        parameters: [
          ...this.#pathParameters(path, schema),
          ...this.#queryParameters(schema),
          ...(isKeyed ? [KEY_PARAMETER] : []),
        ],
        ...(body && { requestBody: body }),
        responses: this.#responses(contract, isKeyed ? KEY_CODES : []),
      },
    };
  }

  #pathParameters(path: string, { params }: FastifySchema): unknown[] {
    const properties = propertiesOf(params);
    return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: this.#schemas.add(properties[name] ?? { type: 'string' }),
    }));
  }

  #queryParameters({ querystring }: FastifySchema): unknown[] {
    const required = (querystring as { required?: readonly string[] } | undefined)?.required ?? [];
    return Object.entries(propertiesOf(querystring)).map(([name, schema]) => ({
      name,
      in: 'query',
      // What has a default is filled in.
      required:
        required.includes(name) && !(typeof schema === 'object' && schema !== null && 'default' in schema),
      schema: this.#schemas.add(schema),
    }));
  }

  #requestBody({ body }: FastifySchema, { takes }: AreaContract): object | null {
    if (body === undefined && takes === undefined) return null;
    const media = takes ?? 'application/json';
    return {
      required: true,
      content: { [media]: body === undefined ? {} : { schema: this.#schemas.add(body) } },
    };
  }

  #responses(
    { answer, media, letsIn, codes = [], status = 200, summary }: AreaContract,
    keyCodes: readonly string[],
  ): unknown {
    const content =
      answer === undefined
        ? { [media ?? '*/*']: {} }
        : { 'application/json': { schema: this.#schemas.add(answer) } };
    const all = [...new Set([...COMMON_CODES, ...DOOR_CODES[letsIn], ...keyCodes, ...codes])];
    return {
      [status]: { description: summary, content },
      default: {
        description: 'A refusal.',
        content: { [PROBLEM]: { schema: problemSchema(all) } },
      },
    };
  }
}

/** How a creating request is sent once (draft-ietf-httpapi-idempotency-key-header). */
const KEY_PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same key with the same request is answered as the first time for 24 hours (less where so many came since that its answer was forgotten), and nothing is done again; with another request it is refused.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
} as const;

const SECURITY_SCHEMES = {
  session: { type: 'apiKey', in: 'cookie', name: 'jamnet.session_token', description: 'Set by signing in.' },
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'Made by a member at /account/, with scopes area:read and area:act.',
  },
  operatorToken: { type: 'http', scheme: 'bearer', description: 'operator.token of the data directory.' },
} as const;

function securityOf(method: string, contract: AreaContract): unknown[] {
  const { letsIn } = DOORS[contract.letsIn];
  const askers: readonly string[] = letsIn;
  if (askers.includes('nobody')) return [{}];
  const scope = scopeOf(method, contract);
  const byMember = askers.some((asker) => asker !== 'token');
  return [
    ...(byMember ? [{ session: [] }] : []),
    ...(byMember && scope !== null ? [{ apiToken: [scope] }] : []),
    ...(askers.includes('token') ? [{ operatorToken: [] }] : []),
  ];
}

function problemSchema(codes: readonly string[]): unknown {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      code: { type: 'string', enum: codes },
      detail: { type: 'string', description: 'What is wrong and what to do, for people.' },
    },
  };
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  return (schema as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
}

/** Fastify's `:name` and `*` as OpenAPI writes them. */
function pathOf(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}');
}

/** `GET /api/wallets/{payee}/explained` is `getApiWalletsPayeeExplained`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const slash = path.endsWith('/') ? ['index'] : [];
  return (
    method.toLowerCase() +
    [...words, ...slash].map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')
  );
}
