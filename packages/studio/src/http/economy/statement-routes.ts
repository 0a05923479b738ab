import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { statementCsv } from '../../reports/statement-csv.ts';
import { statementPage } from '../../reports/statement-page.ts';
import { isOperator, operatorOnly, operatorOrAuditor } from '../asker/gates.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer, sendNotice, sendPage } from './send.ts';

const FileParams = Type.Object({
  payee: Payee,
  file: Type.String({ pattern: '^[A-Za-z0-9._-]{1,69}$' }),
});
const LinkQuery = Type.Object(
  {
    until: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    key: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
);
const StatementParams = Type.Object({
  payee: Payee,
  epoch: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
});
const LinkBody = Type.Object(
  {
    payee: Payee,
    epoch: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    days: Type.Integer({ minimum: 1, maximum: 90 }),
  },
  { additionalProperties: false },
);

type FileRequest = FastifyRequest<{
  Params: Static<typeof FileParams>;
  Querystring: Static<typeof LinkQuery>;
}>;

/** A payee's statements: for the operator, for the payee who has signed in, and for whoever holds a link that the operator signed and that has not expired. */
export function addStatementRoutes(server: FastifyInstance, services: StudioServices): void {
  const desk = services.reading;
  server.get<{ Params: Static<typeof FileParams>; Querystring: Static<typeof LinkQuery> }>(
    '/reports/statements/:payee/:file',
    { schema: { params: FileParams, querystring: LinkQuery } },
    (request, reply) => sendStatement(services, request, reply),
  );
  const onRequest = operatorOnly;
  server.get<{ Params: Static<typeof StatementParams> }>(
    '/api/reports/statements/:payee/:epoch',
    { schema: { params: StatementParams }, onRequest: operatorOrAuditor },
    async ({ params: { payee, epoch } }, reply) => {
      const statement = await desk.statement(payee, epoch);
      if (!statement.ok) return sendAnswer(reply, statement, 404);
      // What others got in the epoch is no part of one payee's statement.
      const { paid: _everybody, ...own } = statement.value.epoch;
      return sendAnswer(reply, { ...statement, value: { ...statement.value, epoch: own } });
    },
  );
  server.post<{ Body: Static<typeof LinkBody> }>(
    '/api/reports/links',
    { schema: { body: LinkBody }, onRequest },
    async ({ body: { payee, epoch, days } }, reply) =>
      sendAnswer(reply, await desk.statementLink(payee, epoch, days)),
  );
}

async function sendStatement(
  { reading: desk }: StudioServices,
  request: FileRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { payee, file } = request.params;
  const form = file.endsWith('.csv') ? 'csv' : 'html';
  const epochId = file.replace(/\.(csv|html)$/, '');
  const { until, key } = request.query;
  const hasLink = until !== undefined && key !== undefined && desk.mayRead(payee, epochId, { until, key });
  // Whether such a statement exists is told to those only who may read it.
  const isOwn = request.asker.kind === 'member' && request.asker.payee === payee;
  if (!hasLink && !isOwn && !isOperator(request)) {
    const why =
      until === undefined
        ? 'A statement is shown to its payee, who has signed in or has a link from the operator ("jamnet report link"), and to the operator.'
        : 'This link has expired or was changed. Ask the operator for a new one.';
    return sendNotice(reply, 401, 'This statement is private', why);
  }
  const statement = await desk.statement(payee, epochId);
  if (!statement.ok) return sendNotice(reply, 404, 'There is no such statement', statement.message);
  reply.header('cache-control', 'private, no-store');
  if (form === 'csv') {
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="statement-${payee.slice(0, 9)}-${epochId}.csv"`)
      .send(statementCsv(statement.value));
  }
  const query = hasLink ? `?until=${until}&key=${key}` : '';
  const csv = `/reports/statements/${payee}/${encodeURIComponent(epochId)}.csv${query}`;
  return sendPage(reply, statementPage(statement.value, await desk.prices(), csv));
}
