import { readFileSync } from 'node:fs';
import { CONTRIBUTION_KINDS, type PayeeExport, type TaxYear } from '@jamnet/economy';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { epochPage } from '../../reports/epoch-page.ts';
import { leaderboardPage } from '../../reports/leaderboard-page.ts';
import { pricePage } from '../../reports/price-page.ts';
import type { ReadingDesk } from '../../reports/reading-desk.ts';
import { successPage } from '../../reports/success-page.ts';
import { type Person, taxCsv } from '../../reports/tax-csv.ts';
import { operatorOnly } from '../asker/gates.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer, sendJson, sendNotice, sendPage } from './send.ts';
import { addStatementRoutes } from './statement-routes.ts';

const closed = { additionalProperties: false } as const;
const EpochId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });
const BoardQuery = Type.Object(
  { kind: Type.Optional(Type.Enum(CONTRIBUTION_KINDS)), epoch: Type.Optional(EpochId) },
  closed,
);
const EpochParams = Type.Object({ epoch: EpochId });
const TaxParams = Type.Object({ year: Type.Integer({ minimum: 2020, maximum: 2100 }) });
const TaxQuery = Type.Object(
  {
    basis: Type.Enum(['payment', 'issue'], { default: 'payment' }),
    form: Type.Enum(['json', 'csv'], { default: 'json' }),
    /** Names and tax ids out of the sealed payee files; only in the CSV. */
    identity: Type.Boolean({ default: false }),
  },
  closed,
);
const Name = Type.Object(
  {
    legalName: Type.String({ minLength: 1, maxLength: 200 }),
    type: Type.Enum(['INDIVIDUAL', 'INSTITUTION']),
  },
  closed,
);
const CapTableBody = Type.Object(
  {
    issuer: Type.Object(
      {
        legalName: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        formedOn: Type.Optional(
          Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' }),
        ),
        country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
      },
      closed,
    ),
    names: Type.Optional(Type.Record(Payee, Name)),
  },
  closed,
);
const PayeeParams = Type.Object({ payee: Payee });
const NameBody = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }, closed);

/** Real names of as many stakeholders fit. */
const NAMES_BYTES_MAX = 16 * 1024 * 1024;
/** Epochs offered as a choice. */
const EPOCHS_OFFERED = 12;
const STYLESHEET = readFileSync(new URL('../../reports/reports.css', import.meta.url), 'utf8');

/** What people read. Public: figures of closed epochs. The rest is the operator's, or a payee's own by a signed link. */
export function addReportRoutes(server: FastifyInstance, services: StudioServices): void {
  const desk = services.reading;
  server.get('/reports/reports.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=300').send(STYLESHEET),
  );
  addPublicPages(server, desk);
  addStatementRoutes(server, services);
  addPublicData(server, desk);
  addOperatorReports(server, services);
}

function addPublicPages(server: FastifyInstance, desk: ReadingDesk): void {
  server.get('/reports', (_request, reply) => reply.redirect('/reports/', 308));
  server.get('/reports/', async (_request, reply) => sendPage(reply, successPage(await desk.success())));
  server.get('/reports/price', async (_request, reply) => sendPage(reply, pricePage(await desk.prices())));
  server.get<{ Querystring: Static<typeof BoardQuery> }>(
    '/reports/leaderboard',
    { schema: { querystring: BoardQuery } },
    async ({ query: { kind = null, epoch = null } }, reply) => {
      const board = await desk.leaderboard(kind, epoch);
      if (!board.ok) return sendNotice(reply, 404, 'There is no such epoch', board.message);
      const ids = (await desk.epochIds()).slice(0, EPOCHS_OFFERED);
      return sendPage(reply, leaderboardPage(board.value, epoch, ids));
    },
  );
  server.get<{ Params: Static<typeof EpochParams> }>(
    '/reports/epochs/:epoch',
    { schema: { params: EpochParams } },
    async (request, reply) => {
      const found = await desk.epoch(request.params.epoch);
      if (!found.ok) return sendNotice(reply, 404, 'There is no such epoch', found.message);
      return sendPage(reply, epochPage(found.value.epoch, found.value.names));
    },
  );
}

function addPublicData(server: FastifyInstance, desk: ReadingDesk): void {
  server.get('/api/reports/success', async (_request, reply) => sendJson(reply, await desk.success()));
  server.get('/api/reports/price', async (_request, reply) => sendJson(reply, await desk.prices()));
  server.get<{ Querystring: Static<typeof BoardQuery> }>(
    '/api/reports/leaderboard',
    { schema: { querystring: BoardQuery } },
    async ({ query: { kind = null, epoch = null } }, reply) =>
      sendAnswer(reply, await desk.leaderboard(kind, epoch), 404),
  );
}

function addOperatorReports(server: FastifyInstance, services: StudioServices): void {
  const { reading: desk } = services;
  const onRequest = operatorOnly;
  server.get<{ Params: Static<typeof TaxParams>; Querystring: Static<typeof TaxQuery> }>(
    '/api/reports/tax/:year',
    { schema: { params: TaxParams, querystring: TaxQuery }, onRequest },
    async (request, reply) => {
      const year = await desk.taxYear(request.params.year, request.query.basis);
      if (year.ok && request.query.form === 'csv')
        return reply
          .type('text/csv; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(
            taxCsv(year.value, request.query.identity ? await peopleOf(services, year.value) : new Map()),
          );
      return sendAnswer(reply, year);
    },
  );
  server.post<{ Body: Static<typeof CapTableBody> }>(
    '/api/reports/cap-table',
    { schema: { body: CapTableBody }, onRequest, bodyLimit: NAMES_BYTES_MAX },
    async (request, reply) => {
      const { issuer, names } = request.body;
      const files = await desk.capTable({
        issuer,
        ...(names ? { names: new Map(Object.entries(names)) } : {}),
      });
      return sendJson(reply, files);
    },
  );
  server.put<{ Params: Static<typeof PayeeParams>; Body: Static<typeof NameBody> }>(
    '/api/names/:payee',
    { schema: { params: PayeeParams, body: NameBody }, onRequest },
    async (request, reply) =>
      sendAnswer(reply, await desk.agreeToName(request.params.payee, request.body.name)),
  );
  server.delete<{ Params: Static<typeof PayeeParams> }>(
    '/api/names/:payee',
    { schema: { params: PayeeParams }, onRequest },
    async (request, reply) => {
      await desk.withdrawName(request.params.payee);
      return sendJson(reply, { payee: request.params.payee, name: null });
    },
  );
}

/** Who is behind the lines of a tax year, as far as payee files say. */
async function peopleOf({ cash }: StudioServices, { lines }: TaxYear): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  for (const { payee } of lines) {
    const answer = await cash.payees.export(payee);
    // The desk's export is the store's, whose type it widens.
    if (answer.ok) people.set(payee, (answer.value as PayeeExport).personal);
  }
  return people;
}
