import { type Result, refuse } from '@jamnet/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { curatorOnly, curatorOrReader } from './asker/gates.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import type { StudioServices } from './services.ts';

const closed = { additionalProperties: false } as const;
const PairParams = Type.Object({ pair: Type.String({ pattern: '^[0-9a-f]{32}$' }) }, closed);
const SoundParams = Type.Object(
  { pair: Type.String({ pattern: '^[0-9a-f]{32}$' }), side: Type.Enum(['a', 'b', 'x'] as const) },
  closed,
);
const AnswerBody = Type.Object({ chosen: Type.Enum(['a', 'b'] as const) }, closed);
const ReleaseParams = Type.Object({ version: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }, closed);
const VerdictBody = Type.Object(
  { verdict: Type.Enum(['approved', 'objected'] as const), reason: Type.String({ maxLength: 1000 }) },
  closed,
);

/** Curators' work in the browser: blind pairs one after the other, and verdicts on released models. Bounties have routes of their own. */
export function addCurationRoutes(server: FastifyInstance, services: StudioServices): void {
  const { listening, releases } = services;

  // Drawing the next pair changes what is asked, and answering is what curators do all the time: the ballots are evidence of contributions.
  const config = { isRoutine: true };
  server.get('/api/curation', { onRequest: curatorOnly }, async (request, reply) => {
    const payee = payeeOf(request);
    return sendAnswer(reply, payee.ok ? await listening.look(payee.value) : payee);
  });
  server.get<{ Params: Static<typeof SoundParams> }>(
    '/api/curation/pairs/:pair/sound/:side',
    { schema: { params: SoundParams }, onRequest: curatorOnly },
    async (request, reply) => {
      const payee = payeeOf(request);
      if (!payee.ok) return sendAnswer(reply, payee);
      const { pair, side } = request.params;
      const wav = await listening.sound(payee.value, pair, side);
      if (!wav.ok) return sendAnswer(reply, wav, 404);
      return reply.type('audio/wav').header('cache-control', 'no-store').send(Buffer.from(wav.value));
    },
  );
  server.post<{ Params: Static<typeof PairParams>; Body: Static<typeof AnswerBody> }>(
    '/api/curation/pairs/:pair/answer',
    { schema: { params: PairParams, body: AnswerBody }, onRequest: curatorOnly, config },
    async (request, reply) => {
      const payee = payeeOf(request);
      if (!payee.ok) return sendAnswer(reply, payee);
      return sendAnswer(reply, await listening.answer(payee.value, request.params.pair, request.body.chosen));
    },
  );

  server.get('/api/curation/candidates', { onRequest: curatorOrReader }, (_request, reply) =>
    sendJson(reply, { candidates: candidatesOf(services.training) }),
  );
  server.get('/api/curation/releases', { onRequest: curatorOrReader }, async ({ asker }, reply) =>
    sendJson(reply, { releases: await releases.list(asker.kind === 'member' ? asker.payee : null) }),
  );
  server.post<{ Params: Static<typeof ReleaseParams>; Body: Static<typeof VerdictBody> }>(
    '/api/curation/releases/:version/verdicts',
    { schema: { params: ReleaseParams, body: VerdictBody }, onRequest: curatorOnly },
    async (request, reply) => {
      const payee = payeeOf(request);
      if (!payee.ok) return sendAnswer(reply, payee);
      const { version } = request.params;
      return sendAnswer(reply, await releases.decide({ version, ...request.body, payee: payee.value }));
    },
  );
}

/** Of both kinds of model, the newest first. */
function candidatesOf({ trial, blend }: StudioServices['training']) {
  const all = [
    ...trial.candidates().map((candidate) => ({ kind: 'groove', ...candidate })),
    ...blend.trial.candidates().map((candidate) => ({ kind: 'concealment', ...candidate })),
  ];
  return all.sort((a, b) => Number(b.openedAtUs - a.openedAtUs));
}

/** Ears and verdicts are a person's own: nobody speaks for a curator here. */
function payeeOf({ asker }: FastifyRequest): Result<string> {
  return asker.kind === 'member'
    ? { ok: true, value: asker.payee }
    : refuse('curator-missing', 'Listening is for curators who have signed in: open /curate/ in a browser.');
}
