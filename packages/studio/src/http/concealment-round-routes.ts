import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { PAGE_ROWS_MAX, type PageRequest } from '../paging/page.ts';
import { pageOfList } from '../paging/page-of-list.ts';
import { ExcerptRow, ROUND_EXCERPTS_MAX, readExcerptRows } from '../training/blend/excerpt.ts';
import { operatorOnly, operatorOrAuditor } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const Excerpts = Type.Optional(Type.Array(ExcerptRow, { maxItems: ROUND_EXCERPTS_MAX }));
const RoundBody = Type.Object(
  {
    train: Excerpts,
    heldOut: Excerpts,
    strangers: Type.Optional(Type.Boolean()),
    packetFrames: Type.Optional(Type.Enum([32, 64, 128, 256, 512])),
    epochs: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  },
  { additionalProperties: false },
);
/** Twice the excerpts of a round, 256 kB each as base64. */
const ROUND_BODY_BYTES_MAX = 2 * ROUND_EXCERPTS_MAX * 258_000;

/** How PNBTR's mixture is trained: for the operator. */
export function addConcealmentRoundRoutes(server: FastifyInstance, services: StudioServices): void {
  const desk = services.training.blend;
  const answerOf = (request: PageRequest, round: unknown) => {
    const { current, releases } = desk.models();
    const page = named(
      'releases',
      pageOfList(releases, request, ({ version }) => `${version}`),
    );
    return page.ok ? { ...page, value: { current, ...page.value, round } } : page;
  };

  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/training/concealment',
    { onRequest: operatorOrAuditor },
    ({ query }, reply) => sendAnswer(reply, answerOf(pageRequestOf(query), desk.round())),
  );
  server.post<{ Body: Static<typeof RoundBody> }>(
    '/api/training/concealment',
    { schema: { body: RoundBody }, bodyLimit: ROUND_BODY_BYTES_MAX, onRequest: operatorOnly },
    async ({ body }, reply) => {
      const { strangers = false, packetFrames, epochs } = body;
      const [train, heldOut] = [readExcerptRows(body.train ?? []), readExcerptRows(body.heldOut ?? [])];
      if (!train.ok) return sendRefusal(reply, train, 422);
      if (!heldOut.ok) return sendRefusal(reply, heldOut, 422);
      const plan = {
        ...(packetFrames === undefined ? {} : { packetFrames }),
        ...(epochs === undefined ? {} : { epochs }),
      };
      const begun = await desk.begin({ strangers, plan, train: train.value, heldOut: heldOut.value });
      return begun.ok
        ? sendAnswer(reply, answerOf({ after: null, limit: PAGE_ROWS_MAX }, begun.value))
        : sendRefusal(reply, begun, 409);
    },
  );
}
