import { refuse } from '@jamnet/base';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { pageOf } from '../paging/page.ts';
import { operatorOrAuditor } from './asker/gates.ts';
import { CONTRACTS } from './contracts/all.ts';
import { PageQuery } from './contracts/pages.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import type { StudioServices } from './services.ts';

/** What operators and curators did, newest first; a cursor is an act's number. */
export function addActRoutes(server: FastifyInstance, { acts, accounts }: StudioServices): void {
  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/acts',
    { schema: { querystring: PageQuery }, onRequest: operatorOrAuditor },
    async ({ query: { after, limit } }, reply) => {
      if (after !== undefined && !/^[1-9]\d{0,17}$/.test(after)) return sendAnswer(reply, MALFORMED, 400);
      const found = await acts.list(after === undefined ? null : BigInt(after), limit + 1);
      const { rows, next } = pageOf(found, limit, ({ number }) => number);
      const names = new Map((await accounts.members()).map(({ id, name }) => [id, name]));
      const told = rows.map((act) => ({
        ...act,
        actorName: names.get(act.actor) ?? null,
        summary: CONTRACTS.get(`${act.method} ${act.route}`)?.summary ?? null,
      }));
      return sendJson(reply, { acts: told, next });
    },
  );
}

const MALFORMED = refuse('cursor-malformed', 'This is not where a page ended: give back its “next”.');
