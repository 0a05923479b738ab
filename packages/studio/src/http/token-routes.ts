import { TOKEN_DAYS_MAX } from '@jamnet/accounts';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { memberOf } from './asker/asker.ts';
import { freshOnly, membersOnly } from './asker/gates.ts';
import { SCOPES } from './contracts/scopes.ts';
import { sendJson } from './economy/send.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const closed = { additionalProperties: false } as const;
const TokenBody = Type.Object(
  {
    name: Type.String({ maxLength: 256 }),
    scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length }),
    days: Type.Integer({ minimum: 1, maximum: TOKEN_DAYS_MAX, default: 90 }),
  },
  closed,
);
const TokenParams = Type.Object({ token: Type.String({ pattern: '^t[0-9a-f]{16}$' }) }, closed);

/** Tokens by which a member's programs ask this API: made and ended by the member in a browser, never by a token. */
export function addTokenRoutes(scope: FastifyInstance, { accounts }: StudioServices): void {
  scope.get('/api/account/tokens', { onRequest: membersOnly }, async (request, reply) => {
    const tokens = await accounts.apiTokens(memberOf(request).memberId);
    return sendJson(reply, { tokens, scopes: SCOPES });
  });
  scope.post<{ Body: Static<typeof TokenBody> }>(
    '/api/account/tokens',
    { schema: { body: TokenBody }, onRequest: [membersOnly, freshOnly] },
    async (request, reply) => {
      const made = await accounts.makeApiToken(memberOf(request).memberId, request.body);
      if (!made.ok) return sendRefusal(reply, made, made.code === 'tokens-too-many' ? 409 : 422);
      const { secret, row } = made.value;
      return sendJson(reply, { secret, token: row });
    },
  );
  scope.delete<{ Params: Static<typeof TokenParams> }>(
    '/api/account/tokens/:token',
    { schema: { params: TokenParams }, onRequest: membersOnly },
    async (request, reply) => {
      const gone = await accounts.revokeApiToken(memberOf(request).memberId, request.params.token);
      return gone.ok ? { ok: true } : sendRefusal(reply, gone, 404);
    },
  );
}
