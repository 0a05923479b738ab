import { bigintAsText } from '@jamnet/base';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { pageOfList } from '../paging/page-of-list.ts';
import { PERFORMANCES_MAX, PerformanceRow, readPerformanceRows } from '../training/performance-rows.ts';
import { operatorOnly, operatorOrAuditor } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { sendProblem } from './problem.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const Sha256Params = Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) });
const PlayerBody = Type.Object(
  { player: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
);
const NameBody = Type.Object(
  {
    player: Type.String({ minLength: 1, maxLength: 128 }),
    payee: Type.String({ pattern: '^p[0-9a-f]{32}$' }),
  },
  { additionalProperties: false },
);
const CandidateParams = Type.Object({ kind: Type.Enum(['groove', 'concealment'] as const) });
const WithdrawBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
);
const Performances = Type.Optional(Type.Array(PerformanceRow, { maxItems: PERFORMANCES_MAX }));
const RoundBody = Type.Object(
  {
    train: Performances,
    heldOut: Performances,
    strangers: Type.Optional(Type.Boolean()),
    fromScratch: Type.Optional(Type.Boolean()),
    epochs: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
);
/** The strokes of a round and of what it is measured by, as JSON of about twenty bytes each. */
const ROUND_BODY_BYTES_MAX = 8 * 1024 * 1024;

type Paged = { readonly Querystring: Static<typeof PageQuery> };
const versionOf = ({ version }: { readonly version: number }): string => `${version}`;

/** Released models for anybody, by their hash; what is learnt from and training rounds for the operator. */
export function addTrainingRoutes(server: FastifyInstance, services: StudioServices): void {
  const { training } = services;
  // Amounts are decimal text, as in every answer.
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, bigintAsText));

  server.get<Paged>('/api/models', ({ query }, reply) => {
    const { publicKey, releases } = training.models();
    const page = named('releases', pageOfList(releases, pageRequestOf(query), versionOf));
    const told = { current: training.currentModel(), publicKey };
    return sendAnswer(reply, page.ok ? { ...page, value: { ...told, ...page.value } } : page);
  });
  server.get<{ Params: Static<typeof Sha256Params> }>(
    '/api/models/:sha256',
    { schema: { params: Sha256Params } },
    async (request, reply) => {
      const bytes = training.model(request.params.sha256);
      if (bytes === null)
        return sendProblem(reply, {
          status: 404,
          code: 'model-unknown',
          detail: 'No model of that hash was released: /api/models lists them.',
        });
      // What a hash names never changes.
      reply.type('application/octet-stream').header('cache-control', 'public, max-age=31536000, immutable');
      return reply.send(Buffer.from(bytes));
    },
  );

  server.get<Paged>('/api/training/takes', { onRequest: operatorOrAuditor }, async ({ query }, reply) => {
    const { takes, leftOut } = await training.takes();
    const rows = takes.map(({ performance, ...take }) => ({ ...take, strokes: performance.hits.length }));
    const keyOf = ({ take, player }: (typeof rows)[number]): string => `${take}.${player}`;
    const page = named('takes', pageOfList(rows, pageRequestOf(query), keyOf));
    return sendAnswer(reply, page.ok ? { ...page, value: { ...page.value, leftOut } } : page);
  });
  for (const act of ['revoke', 'restore', 'erase'] as const)
    server.post<{ Params: Static<typeof Sha256Params>; Body: Static<typeof PlayerBody> }>(
      `/api/training/takes/:sha256/${act}`,
      { schema: { params: Sha256Params, body: PlayerBody }, onRequest: operatorOnly },
      async ({ params, body }, reply) => {
        const done = await training[act](params.sha256, body.player);
        return done.ok ? done.value : sendRefusal(reply, done, 422);
      },
    );
  server.post<{ Params: Static<typeof Sha256Params>; Body: Static<typeof NameBody> }>(
    '/api/training/takes/:sha256/player',
    { schema: { params: Sha256Params, body: NameBody }, onRequest: operatorOnly },
    async ({ params, body }, reply) => {
      const named = await training.name({ take: params.sha256, ...body });
      return named.ok ? named.value : sendRefusal(reply, named, 422);
    },
  );
  server.post<{ Params: Static<typeof CandidateParams>; Body: Static<typeof WithdrawBody> }>(
    '/api/training/candidates/:kind/withdraw',
    { schema: { params: CandidateParams, body: WithdrawBody }, onRequest: operatorOnly },
    async ({ params: { kind }, body: { reason } }, reply) => {
      const { trial } = kind === 'groove' ? training : training.blend;
      const withdrawn = await trial.withdraw(reason);
      return withdrawn.ok ? plain({ kind, ...withdrawn.value }) : sendRefusal(reply, withdrawn, 422);
    },
  );
  server.get('/api/training/round', { onRequest: operatorOrAuditor }, async () =>
    plain({ round: training.round() }),
  );
  server.post<{ Body: Static<typeof RoundBody> }>(
    '/api/training/round',
    { schema: { body: RoundBody }, bodyLimit: ROUND_BODY_BYTES_MAX, onRequest: operatorOnly },
    async ({ body }, reply) => {
      const { strangers = false, fromScratch = false, epochs } = body;
      const [train, heldOut] = [
        readPerformanceRows(body.train ?? []),
        readPerformanceRows(body.heldOut ?? []),
      ];
      if (!train.ok) return sendRefusal(reply, train, 422);
      if (!heldOut.ok) return sendRefusal(reply, heldOut, 422);
      const begun = await training.begin({
        strangers,
        fromScratch,
        epochs,
        train: train.value,
        heldOut: heldOut.value,
      });
      return begun.ok ? plain({ round: begun.value }) : sendRefusal(reply, begun, 409);
    },
  );
}
