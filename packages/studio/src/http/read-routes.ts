import { createReadStream, statSync } from 'node:fs';
import type { Refusal, Result } from '@jamnet/base';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { BUCKETS_MAX } from '../takes/peaks.ts';
import { PeaksCache } from '../takes/peaks-cache.ts';
import { isTakeVariant } from '../takes/take-store.ts';
import { ownWalletOrHere } from './asker/gates.ts';
import { PageQuery, pageQuery } from './contracts/pages.ts';
import { pageRequestOf } from './page-request.ts';
import { sendProblem } from './problem.ts';
import type { StudioServices } from './services.ts';

/** Leaf numbers as JSON carries them exactly. */
const INDEX_MAX = Number.MAX_SAFE_INTEGER;

const LedgerQuery = Type.Object({
  ...pageQuery,
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: INDEX_MAX })),
  /** Where somebody begins who knows an index. */
  from: Type.Integer({ minimum: 0, maximum: INDEX_MAX, default: 0 }),
});
const LeafParams = Type.Object({ index: Type.Integer({ minimum: 0, maximum: INDEX_MAX }) });
const PayeeParams = Type.Object({ payee: Type.String({ pattern: '^p[0-9a-f]{32}$' }) });
const TakeParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32,64}$' }) });
const PeaksQuery = Type.Object({
  variant: Type.String({ default: 'heard' }),
  buckets: Type.Integer({ minimum: 1, maximum: BUCKETS_MAX, default: 1000 }),
});
const AudioParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{32,64}$' }),
  file: Type.String({ maxLength: 32 }),
});

/** Everything that only looks. */
export function addReadRoutes(server: FastifyInstance, services: StudioServices): void {
  const peaks = new PeaksCache();
  server.get('/api/state', async () => services.live.current);

  server.get<{ Querystring: Static<typeof LedgerQuery> }>(
    '/api/ledger/entries',
    { schema: { querystring: LedgerQuery } },
    async ({ query: { after, from, limit } }) => {
      const first = after ?? from;
      const { size, entries } = await services.ledgerPage(first, limit);
      const behind = first + entries.length;
      return { size, entries, next: behind < size && entries.length > 0 ? `${behind}` : null };
    },
  );

  server.get<{ Params: Static<typeof LeafParams> }>(
    '/api/ledger/entries/:index/proof',
    { schema: { params: LeafParams } },
    async (request, reply) => {
      const proof = await services.ledgerProof(request.params.index);
      return proof.ok ? proof.value : sendRefusal(reply, proof, 404);
    },
  );

  server.get<{ Params: Static<typeof LeafParams> }>(
    '/api/ledger/entries/:index/promise',
    { schema: { params: LeafParams } },
    async (request, reply) => sendNote(reply, await services.ledgerPromise(request.params.index)),
  );

  server.get<{ Params: Static<typeof LeafParams> }>(
    '/api/ledger/entries/:index/receipt',
    { schema: { params: LeafParams } },
    async (request, reply) => sendNote(reply, await services.ledgerReceipt(request.params.index)),
  );

  server.get<{ Params: Static<typeof PayeeParams> }>(
    '/api/wallets/:payee',
    { schema: { params: PayeeParams }, onRequest: ownWalletOrHere },
    async (request, reply) => {
      const wallet = await services.wallets.show(request.params.payee);
      return wallet.ok ? wallet.value : sendRefusal(reply, wallet, 404);
    },
  );

  server.get<{ Params: Static<typeof PayeeParams>; Querystring: Static<typeof PageQuery> }>(
    '/api/wallets/:payee/lines',
    { schema: { params: PayeeParams, querystring: PageQuery }, onRequest: ownWalletOrHere },
    async ({ params, query }, reply) => {
      const found = await services.wallets.lines(params.payee, pageRequestOf(query));
      if (!found.ok) return sendRefusal(reply, found, found.code === 'payee-unknown' ? 404 : 400);
      return { lines: found.value.rows, next: found.value.next };
    },
  );

  server.get<{ Params: Static<typeof TakeParams>; Querystring: Static<typeof PeaksQuery> }>(
    '/api/takes/:id/peaks',
    { schema: { params: TakeParams, querystring: PeaksQuery } },
    async (request, reply) => {
      const { variant, buckets } = request.query;
      const file = isTakeVariant(variant) ? services.takes.wavFile(request.params.id, variant) : null;
      if (file === null) return sendMissingTake(reply);
      const drawn = peaks.of(file, buckets);
      return drawn.ok ? drawn.value : sendRefusal(reply, drawn, 422);
    },
  );

  server.get<{ Params: Static<typeof AudioParams> }>(
    '/api/takes/:id/audio/:file',
    { schema: { params: AudioParams } },
    async (request, reply) => {
      const variant = request.params.file.replace(/\.wav$/, '');
      const file = isTakeVariant(variant) ? services.takes.wavFile(request.params.id, variant) : null;
      if (file === null) return sendMissingTake(reply);
      return reply
        .type('audio/wav')
        .header('content-length', statSync(file).size)
        .send(createReadStream(file));
    },
  );
}

function sendNote(reply: FastifyReply, note: Result<Uint8Array>): FastifyReply {
  if (!note.ok) return sendRefusal(reply, note, 404);
  return reply.type('text/plain; charset=utf-8').send(Buffer.from(note.value));
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal, status: number): FastifyReply {
  return sendProblem(reply, { status, code: refusal.code, detail: refusal.message });
}

function sendMissingTake(reply: FastifyReply): FastifyReply {
  const detail = 'There is no such take, or it has no such variant (sent, heard, repaired).';
  return sendProblem(reply, { status: 404, code: 'take-unknown', detail });
}
