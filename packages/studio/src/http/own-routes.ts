import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { memberOf } from './asker/asker.ts';
import { membersOnly } from './asker/gates.ts';
import type { AnswerOf } from './client/api-routes.ts';
import { PageQuery } from './contracts/pages.ts';
import { addOwnMachines } from './own-machine-routes.ts';
import { addOwnMoneyRoutes } from './own-money-routes.ts';
import { pageRequestOf } from './page-request.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const RedeemBody = Type.Object(
  {
    amountMicroJam: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }),
    key: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);
const RoomBody = Type.Object(
  {
    room: Type.String({ minLength: 1, maxLength: 32 }),
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
  },
  { additionalProperties: false },
);

/** What a signed-in member has: the wallet of their account and the machines that work for it. Nobody names whose: the session does. */
export function addOwnRoutes(scope: FastifyInstance, services: StudioServices): void {
  const onRequest = membersOnly;
  scope.get('/api/account/wallet', { onRequest }, async (request, reply) => {
    const { payee, name } = memberOf(request);
    const wallet = await services.wallets.show(payee);
    if (wallet.ok) return { ...wallet.value, label: name };
    return wallet.code === 'payee-unknown' ? emptyWallet(payee, name) : sendRefusal(reply, wallet, 422);
  });
  scope.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/account/wallet/lines',
    { schema: { querystring: PageQuery }, onRequest },
    async (request, reply) => {
      const { payee } = memberOf(request);
      const found = await services.wallets.lines(payee, pageRequestOf(request.query));
      if (found.ok) return { lines: found.value.rows, next: found.value.next };
      return found.code === 'payee-unknown' ? { lines: [], next: null } : sendRefusal(reply, found, 400);
    },
  );
  scope.post<{ Body: Static<typeof RedeemBody> }>(
    '/api/account/redemptions',
    { schema: { body: RedeemBody }, onRequest },
    async (request, reply) => {
      const { payee, memberId } = memberOf(request);
      const { amountMicroJam, key } = request.body;
      // Keys of one member never meet those of another.
      const asked = await services.redeem({
        payee,
        amountMicroJam: BigInt(amountMicroJam),
        key: `${memberId}/${key}`,
      });
      return asked.ok ? asked.value : sendRefusal(reply, asked, 422);
    },
  );
  addOwnMoneyRoutes(scope, services);
  addOwnRooms(scope, services);
  addOwnMachines(scope, services);
}

/** Rooms of one's own: made, listed, and opened to whoever has the link. */
function addOwnRooms(scope: FastifyInstance, services: StudioServices): void {
  const onRequest = membersOnly;
  scope.get('/api/account/rooms', { onRequest }, (request) => ({
    rooms: services.rooms.roomsOf(memberOf(request).memberId),
  }));
  scope.post<{ Body: Static<typeof RoomBody> }>(
    '/api/account/rooms',
    { schema: { body: RoomBody }, onRequest },
    async (request, reply) => {
      const { room, hours = 24 } = request.body;
      const made = services.rooms.inviteAs(memberOf(request).memberId, room, hours);
      return made.ok
        ? { room, path: `/#join=${made.value.invitation}`, expiresAtUs: String(made.value.expiresAtUs) }
        : sendRefusal(reply, made, made.code === 'room-taken' ? 409 : 422);
    },
  );
}

function emptyWallet(payee: string, label: string): AnswerOf<'GET /api/account/wallet'> {
  const none = '0';
  return {
    payee,
    label,
    balanceMicroJam: none,
    reservedMicroJam: none,
    escrowMicroJam: none,
    worthCents: none,
    epochs: [],
  };
}
