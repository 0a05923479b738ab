import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { NODES_PER_CODE_MAX } from '../mesh/pairing/pairing-desk.ts';
import { operatorOnly } from './asker/gates.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const Key = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Signature = Type.String({ pattern: '^[0-9a-f]{128}$' });
const CodeBody = Type.Object(
  {
    ownerGroup: Type.String({ minLength: 1, maxLength: 64 }),
    payee: Type.String({ pattern: '^p[0-9a-f]{32}$' }),
    nodes: Type.Integer({ minimum: 1, maximum: NODES_PER_CODE_MAX, default: 1 }),
    hours: Type.Integer({ minimum: 1, maximum: 720, default: 24 }),
  },
  { additionalProperties: false },
);
const PairBody = Type.Object(
  { code: Type.String({ maxLength: 64 }), publicKey: Key, signature: Signature },
  { additionalProperties: false },
);
const FarmBody = Type.Object(
  {
    publicKey: Key,
    atUs: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    signature: Signature,
  },
  { additionalProperties: false },
);

/** Owners and their machines: the operator gives out codes, machines use them and ask by their own keys. */
export function addNodeRoutes(server: FastifyInstance, services: StudioServices): void {
  server.post<{ Body: Static<typeof CodeBody> }>(
    '/api/nodes/codes',
    { schema: { body: CodeBody }, onRequest: operatorOnly },
    async (request, reply) => {
      const made = await services.pairing.newCode(request.body);
      return made.ok
        ? { code: made.value.code, expiresAtUs: String(made.value.expiresAtUs) }
        : sendRefusal(reply, made, 422);
    },
  );
  server.post<{ Body: Static<typeof PairBody> }>(
    '/api/nodes/pair',
    { schema: { body: PairBody } },
    async (request, reply) => {
      const paired = await services.pairing.pair(request.body);
      return paired.ok ? paired.value : sendRefusal(reply, paired, 422);
    },
  );
  server.post<{ Body: Static<typeof FarmBody> }>(
    '/api/nodes/farm',
    { schema: { body: FarmBody } },
    async (request, reply) => {
      const farm = await services.pairing.farm(request.body);
      return farm.ok ? farm.value : sendRefusal(reply, farm, 422);
    },
  );
}
