import type { Result } from '@jamnet/base';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import type { CodeParts } from '../code/repository-list.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import type { StudioServices } from './services.ts';

type Paged = { readonly Querystring: Static<typeof PageQuery> };

/** Repositories whose code is read here, with who owns what of them. */
export function addRepositoryRoutes(server: FastifyInstance, { repositories }: StudioServices): void {
  server.get<Paged>('/api/code/repositories', ({ query }, reply) =>
    sendAnswer(reply, named('repositories', repositories.page(pageRequestOf(query)))),
  );
  server.get<{ readonly Params: { readonly slug: string } }>(
    '/api/code/repositories/:slug',
    ({ params }, reply) => {
      const found = repositories.one(params.slug);
      return sendAnswer(reply, found, statusOf(found));
    },
  );
  for (const kind of ['people', 'files', 'packages'] as const satisfies readonly (keyof CodeParts)[])
    server.get<Paged & { readonly Params: { readonly slug: string } }>(
      `/api/code/repositories/:slug/${kind}`,
      ({ params, query }, reply) => {
        const page = repositories.parts(params.slug, kind, pageRequestOf(query));
        return sendAnswer(reply, named(kind, page), statusOf(page));
      },
    );
}

function statusOf(answer: Result<unknown>): number {
  return !answer.ok && answer.code === 'code-unknown' ? 404 : 422;
}
