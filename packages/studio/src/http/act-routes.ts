import { refuse } from '@jamnet/base';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { pageOf } from '../paging/page.ts';
import { operatorOrAuditor } from './asker/gates.ts';
import { PageQuery } from './contracts/pages.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import type { StudioServices } from './services.ts';

/** What operators and curators did, newest first; a cursor is an act's number. */
export function addActRoutes(server: FastifyInstance, { acts }: StudioServices): void {
  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/acts',
    { schema: { querystring: PageQuery }, onRequest: operatorOrAuditor },
    async ({ query: { after, limit } }, reply) => {
      if (after !== undefined && !/^[1-9]\d{0,17}$/.test(after)) return sendAnswer(reply, MALFORMED, 400);
      const found = await acts.list(after === undefined ? null : BigInt(after), limit + 1);
      const { rows, next } = pageOf(found, limit, ({ number }) => number);
      return sendJson(reply, { acts: rows, next });
    },
  );
}

const MALFORMED = refuse('cursor-malformed', 'This is not where a page ended: give back its “next”.');
