import type { Refusal } from '@jamnet/base';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { PACKET_FRAMES_USUAL, PACKET_SIZES } from '../rooms/invitation.ts';
import { operatorOnly } from './asker/gates.ts';
import { sendProblem } from './problem.ts';
import type { StudioServices } from './services.ts';

const INVITATION = Type.String({ minLength: 1, maxLength: 512 });
const InviteParams = Type.Object({ room: Type.String({ minLength: 1, maxLength: 32 }) });
const InviteBody = Type.Object(
  {
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
    packetFrames: Type.Optional(Type.Union(PACKET_SIZES.map((size) => Type.Literal(size)))),
  },
  { additionalProperties: false },
);
const LookBody = Type.Object({ invitation: INVITATION }, { additionalProperties: false });
const EnterBody = Type.Object(
  {
    invitation: INVITATION,
    player: Type.String({ minLength: 1, maxLength: 32 }),
    returnKey: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);
const OfferBody = Type.Object(
  {
    ticket: Type.String({ minLength: 1, maxLength: 640 }),
    sdp: Type.String({ minLength: 1, maxLength: 16_384 }),
  },
  { additionalProperties: false },
);

const WhereBody = Type.Object(
  {
    ticket: Type.String({ minLength: 1, maxLength: 640 }),
    silent: Type.Optional(
      Type.Object(
        {
          host: Type.String({ minLength: 1, maxLength: 253 }),
          port: Type.Integer({ minimum: 1, maximum: 65_535 }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
/** Whoever is in a room asks here where it lives, above all when its relay has fallen silent. */
export const ROOM_DOOR_PATH = '/api/room/where';

const STATUS: Readonly<Record<string, number>> = {
  'too-many-requests': 429,
  'name-taken': 409,
  'relay-not-running': 503,
  'invitation-expired': 403,
  'invitation-forged': 403,
  'token-malformed': 403,
  'token-forged': 403,
  'token-expired': 403,
};

/** Rooms for pages: the operator makes links, whoever has one looks, enters and signals. */
export function addRoomRoutes(server: FastifyInstance, services: StudioServices): void {
  server.post<{ Params: Static<typeof InviteParams>; Body: Static<typeof InviteBody> }>(
    '/api/rooms/:room/invitations',
    { schema: { params: InviteParams, body: InviteBody }, onRequest: operatorOnly },
    async (request, reply) => {
      const { hours = 12, packetFrames = PACKET_FRAMES_USUAL } = request.body;
      const answer = services.rooms.invite(request.params.room, hours, packetFrames);
      return answer.ok ? answer.value : refused(reply, answer);
    },
  );
  server.post<{ Body: Static<typeof LookBody> }>(
    '/api/room/look',
    { schema: { body: LookBody } },
    async (request, reply) => {
      const answer = services.rooms.look(request.body.invitation);
      return answer.ok ? answer.value : refused(reply, answer);
    },
  );
  server.post<{ Body: Static<typeof EnterBody> }>(
    '/api/room/enter',
    { schema: { body: EnterBody } },
    async (request, reply) => {
      const { invitation, player, returnKey = '' } = request.body;
      const answer = services.rooms.enter(invitation, player, returnKey);
      return answer.ok
        ? reply.header('cache-control', 'no-store').send(answer.value)
        : refused(reply, answer);
    },
  );
  server.post<{ Body: Static<typeof WhereBody> }>(
    ROOM_DOOR_PATH,
    { schema: { body: WhereBody } },
    async (request, reply) => {
      const answer = services.relayOf(request.body.ticket, request.body.silent ?? null);
      return answer.ok ? answer.value : refused(reply, answer);
    },
  );
  server.post<{ Body: Static<typeof OfferBody> }>(
    '/api/room/offer',
    { schema: { body: OfferBody } },
    async (request, reply) => {
      const answer = await services.rooms.offer(request.body.ticket, request.body.sdp);
      return 'status' in answer ? reply.code(answer.status).send(answer.body) : refused(reply, answer);
    },
  );
}

function refused(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendProblem(reply, {
    status: STATUS[refusal.code] ?? 422,
    code: refusal.code,
    detail: refusal.message,
  });
}
