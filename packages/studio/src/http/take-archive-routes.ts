import { createReadStream, statSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { pageOfList } from '../paging/page-of-list.ts';
import { ARCHIVE_LIMITS, type Recorder, type TakeArchive } from '../takes/take-archive.ts';
import { isOperator, operatorProblem } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { type Problem, sendProblem } from './problem.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

/** Carries the travelling part of a join token: whoever has it sits in that room. */
const TICKET_HEADER = 'jamnet-ticket';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sits in a room and asks as that; null for the operator. */
    guest: Recorder | null;
  }
}

const NO_GUEST: Problem = {
  status: 400,
  code: 'ticket-missing',
  detail:
    'This is asked by who sits in a room: send "jamnet-ticket" with the travelling part of the join token.',
};
const HASH = Type.String({ pattern: '^[0-9a-f]{64}$' });
const HashParams = Type.Object({ sha256: HASH });
const CompleteBody = Type.Object(
  { chunks: Type.Array(HASH, { minItems: 1, maxItems: ARCHIVE_LIMITS.chunksPerTake }) },
  { additionalProperties: false },
);
const RecordingBody = Type.Object({ isOn: Type.Boolean() }, { additionalProperties: false });
/** A list of the most chunks, 67 bytes each. */
const LIST_BYTES_MAX = 67 * ARCHIVE_LIMITS.chunksPerTake + 1024;
type Hash = { Params: Static<typeof HashParams> };

/**
 * Multitrack takes in and out, by content: chunks under their SHA-256 in any order, then the list that makes them a take. What is
 * here already need not be sent, so an upload goes on where it broke off. All of it is the operator's; a guest of a room,
 * who sends the travelling part of the join token, files what he recorded there and gets what the room has.
 */
export function addTakeArchiveRoutes(server: FastifyInstance, services: StudioServices): void {
  server.register(async (scope) => {
    const { archive } = services.takes;
    scope.decorateRequest('guest', null);
    // Before the body is read: strangers must not make us take in megabytes.
    scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      if (isOperator(request)) return;
      const ticket = request.headers[TICKET_HEADER];
      const guest = typeof ticket === 'string' ? services.roomTakes.guest(ticket) : null;
      if (guest === null) sendProblem(reply, operatorProblem(request.asker));
      else if (!guest.ok) sendRefusal(reply, guest, 403);
      else {
        request.guest = guest.value;
        return;
      }
      return reply;
    });
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: ARCHIVE_LIMITS.chunkBytes },
      (_request, body, done) => done(null, body),
    );
    const schema = { params: HashParams };

    scope.head<Hash>('/api/archive/chunks/:sha256', { schema }, async (request, reply) =>
      reply.code(archive.hasChunk(request.params.sha256) ? 200 : 404).send(),
    );
    scope.put<Hash & { Body: Buffer }>(
      '/api/archive/chunks/:sha256',
      { schema, bodyLimit: ARCHIVE_LIMITS.chunkBytes, onRequest: notTooMuch(services) },
      async (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const kept = archive.putChunk(request.params.sha256, bytes);
        return kept.ok ? kept.value : sendRefusal(reply, kept, 422);
      },
    );
    scope.put<Hash & { Body: Static<typeof CompleteBody> }>(
      '/api/archive/takes/:sha256',
      { schema: { ...schema, body: CompleteBody }, bodyLimit: LIST_BYTES_MAX },
      async (request, reply) => {
        const filed = await archive.complete(request.params.sha256, request.body.chunks, request.guest);
        return filed.ok ? filed.value : sendRefusal(reply, filed, 422);
      },
    );
    scope.get<{ Querystring: Static<typeof PageQuery> }>('/api/archive/takes', ({ guest, query }, reply) => {
      const ids = guest === null ? archive.list() : archive.ofRoom(guest.room).map(({ id }) => id);
      return sendAnswer(
        reply,
        named(
          'takes',
          pageOfList(ids, pageRequestOf(query), (id) => id),
        ),
      );
    });
    scope.get<Hash>('/api/archive/takes/:sha256', { schema }, async (request, reply) => {
      if (archive.isErased(request.params.sha256))
        return sendProblem(reply, {
          status: 410,
          code: 'take-erased',
          detail: 'A player had this take erased: only its hash is left.',
        });
      return sendTake(reply, fileFor(archive, request), request.headers.range);
    });
    scope.get('/api/room/takes', async (request, reply) => {
      if (request.guest === null) return sendProblem(reply, NO_GUEST);
      return reply.header('cache-control', 'no-store').send(services.roomTakes.look(request.guest));
    });
    scope.post<{ Body: Static<typeof RecordingBody> }>(
      '/api/room/recording',
      { schema: { body: RecordingBody } },
      async (request, reply) => {
        if (request.guest === null) return sendProblem(reply, NO_GUEST);
        return { recording: services.roomTakes.record(request.guest, request.body.isOn) };
      },
    );
  });
}

/** A guest is told so before his chunk is read. */
function notTooMuch(services: StudioServices) {
  return (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    const may = request.guest === null ? null : services.roomTakes.maySend(request.guest);
    if (may === null || may.ok) next();
    else sendRefusal(reply, may, 429);
  };
}

/** A take or a repaired version of one; a guest's room is all there is for him. */
function fileFor(archive: TakeArchive, { params, guest }: FastifyRequest<Hash>): string | null {
  const version = archive.version(params.sha256);
  return version === null || (guest !== null && version.take.room !== guest.room) ? null : version.file;
}

/** The take, or its rest from a byte on: a download goes on where it broke off. */
function sendTake(reply: FastifyReply, file: string | null, range: string | undefined): FastifyReply {
  if (file === null)
    return sendProblem(reply, {
      status: 404,
      code: 'take-unknown',
      detail: 'There is no take of that hash.',
    });
  const bytes = statSync(file).size;
  const from = Number(/^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1] ?? 0);
  if (from > 0 && from >= bytes)
    return sendProblem(reply, { status: 416, code: 'range-beyond', detail: `The take has ${bytes} bytes.` });
  reply.type('application/x-ndjson').header('content-length', bytes - from);
  if (from > 0) reply.code(206).header('content-range', `bytes ${from}-${bytes - 1}/${bytes}`);
  return reply.send(createReadStream(file, { start: from }));
}
