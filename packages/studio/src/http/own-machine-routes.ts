import { type Result, refuse } from '@jamnet/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Page, PageRequest } from '../paging/page.ts';
import { pageOfList } from '../paging/page-of-list.ts';
import { type MemberAsker, memberOf } from './asker/asker.ts';
import { membersOnly } from './asker/gates.ts';
import type { NodeParams } from './contracts/machines.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const CodeBody = Type.Object(
  { nodes: Type.Integer(), hours: Type.Integer() },
  { additionalProperties: false },
);

type OnePast = { Params: Static<typeof NodeParams>; Querystring: Static<typeof PageQuery> };

/** The machines that work for whoever is signed in: what they do, what they did, and codes for more. */
export function addOwnMachines(scope: FastifyInstance, services: StudioServices): void {
  const onRequest = membersOnly;
  scope.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/account/machines',
    { onRequest },
    async (request, reply) => {
      const farm = await services.pairing.farmOfOwner(ownerOf(memberOf(request)));
      const page = named(
        'nodes',
        pageOfList(farm.nodes, pageRequestOf(request.query), ({ node }) => node),
      );
      return sendAnswer(reply, page.ok ? { ...page, value: { ...farm, ...page.value } } : page);
    },
  );
  scope.post<{ Body: Static<typeof CodeBody> }>(
    '/api/account/machines/codes',
    { schema: { body: CodeBody }, onRequest },
    async (request, reply) => {
      const made = await services.pairing.newCode({ ...ownerOf(memberOf(request)), ...request.body });
      if (!made.ok) return sendRefusal(reply, made, 422);
      return { code: made.value.code, expiresAtUs: String(made.value.expiresAtUs) };
    },
  );
  const { past } = services.meshDesk;
  const answerPast = async <T>(
    request: FastifyRequest<OnePast>,
    reply: FastifyReply,
    name: string,
    read: (node: string, page: PageRequest) => Promise<Result<Page<T>>>,
  ) => {
    const { node } = request.params;
    // Whose else it may be is not told.
    const isOwn = await services.pairing.isOwn(ownerOf(memberOf(request)), node);
    if (!isOwn) return sendRefusal(reply, refuse('node-unknown', `You have no machine ${node}.`), 404);
    return sendAnswer(reply, named(name, await read(node, pageRequestOf(request.query))));
  };
  scope.get<OnePast>('/api/account/machines/:node/work', { onRequest }, (request, reply) =>
    answerPast(request, reply, 'work', (node, page) => past.work(node, page)),
  );
  scope.get<OnePast>('/api/account/machines/:node/decisions', { onRequest }, (request, reply) =>
    answerPast(request, reply, 'decisions', (node, page) => past.decisions(node, page)),
  );
}

/** A member's machines are one owner to the mesh: they never check each other. */
function ownerOf({ memberId, payee }: MemberAsker): { ownerGroup: string; payee: string } {
  return { ownerGroup: memberId, payee };
}
