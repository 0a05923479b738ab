import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { pageOfList } from '../paging/page-of-list.ts';
import { PageQuery, pageQuery as page } from './contracts/pages.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import type { StudioServices } from './services.ts';

/** An account's code and an epoch's id are shorter. */
const NAME_MAX = 128;

const AccountsQuery = Type.Object({ ...page, prefix: Type.String({ maxLength: NAME_MAX, default: '' }) });
const MovesQuery = Type.Object({ ...page, account: Type.String({ minLength: 1, maxLength: NAME_MAX }) });
const EpochParams = Type.Object({ epoch: Type.String({ minLength: 1, maxLength: NAME_MAX }) });

/** The public books for people who look through them: page by page, open to everybody. */
export function addBooksRoutes(
  server: FastifyInstance,
  { books, governance }: Pick<StudioServices, 'books' | 'governance'>,
): void {
  server.get<{ Querystring: Static<typeof AccountsQuery> }>(
    '/api/books/accounts',
    { schema: { querystring: AccountsQuery } },
    async ({ query }, reply) => {
      const { rows, next } = await books.accounts(query.prefix, pageRequestOf(query));
      return sendJson(reply, { accounts: rows, next });
    },
  );
  server.get<{ Querystring: Static<typeof MovesQuery> }>(
    '/api/books/moves',
    { schema: { querystring: MovesQuery } },
    async ({ query }, reply) => {
      const moves = await books.moves(query.account, pageRequestOf(query));
      if (!moves.ok) return sendAnswer(reply, moves, statusOf(moves.code));
      const { account, rows, next } = moves.value;
      return sendJson(reply, { account, moves: rows, next });
    },
  );
  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/books/epochs',
    { schema: { querystring: PageQuery } },
    async ({ query }, reply) => {
      const { rows, next } = await books.epochs(pageRequestOf(query));
      return sendJson(reply, { epochs: rows, next });
    },
  );
  server.get<{ Params: Static<typeof EpochParams> }>(
    '/api/books/epochs/:epoch',
    { schema: { params: EpochParams } },
    async ({ params }, reply) => sendAnswer(reply, await books.epoch(params.epoch), 404),
  );
  server.get<{ Params: Static<typeof EpochParams>; Querystring: Static<typeof PageQuery> }>(
    '/api/books/epochs/:epoch/paid',
    { schema: { params: EpochParams, querystring: PageQuery } },
    async ({ params, query }, reply) => {
      const paid = await books.paid(params.epoch, pageRequestOf(query));
      if (!paid.ok) return sendAnswer(reply, paid, statusOf(paid.code));
      return sendJson(reply, { paid: paid.value.rows, next: paid.value.next });
    },
  );
  server.get('/api/books/policies', async (_request, reply) => {
    const policies = await books.policies();
    const decisions = await governance.decisionsOn(policies.map(({ sha256 }) => sha256));
    return sendJson(reply, {
      policies: policies.map((policy) => ({ ...policy, decision: decisions.get(policy.sha256) ?? null })),
    });
  });
  server.get<{ Querystring: Static<typeof PageQuery> }>('/api/books/files', async ({ query }, reply) => {
    const { files, isCutShort } = await books.files();
    const page = named(
      'files',
      pageOfList(files, pageRequestOf(query), ({ path }) => path),
    );
    return sendAnswer(reply, page.ok ? { ...page, value: { ...page.value, isCutShort } } : page);
  });
}

function statusOf(code: string): number {
  return code === 'cursor-malformed' ? 400 : 404;
}
