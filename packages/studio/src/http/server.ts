import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import { pathAsked, roleFault } from '../roles/role-gate.ts';
import { traceRequests } from '../telemetry/trace-requests.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addActRoutes } from './act-routes.ts';
import { beginAct, endAct, isAct } from './act-trail.ts';
import { addActionRoutes } from './action-routes.ts';
import { askerOf } from './asker/asker.ts';
import { addBooksRoutes } from './books-routes.ts';
import { addBountyRoutes } from './bounty-routes.ts';
import { addCodeRoutes } from './code-routes.ts';
import { addConcealmentRoundRoutes } from './concealment-round-routes.ts';
import { tellAnswer } from './contracts/answer-channel.ts';
import { applyContract, contractOf } from './contracts/apply-contract.ts';
import { addCurationRoutes } from './curation-routes.ts';
import { addEconomyRoutes } from './economy/economy-routes.ts';
import { addPayeeRoutes } from './economy/payee-routes.ts';
import { addPayoutRoutes } from './economy/payout-routes.ts';
import { addPerkRoutes } from './economy/perk-routes.ts';
import { addRedemptionRoutes } from './economy/redemption-routes.ts';
import { addReportRoutes } from './economy/report-routes.ts';
import { addWebhookRoutes } from './economy/webhook-routes.ts';
import { addEventRoutes } from './event-routes.ts';
import { addGovernanceRoutes } from './governance-routes.ts';
import { addGrooveRoutes } from './groove-routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import { beginKeyed, endKeyed } from './idempotency/idempotency-hooks.ts';
import { takesKey } from './idempotency/takes-key.ts';
import { addMeshRoutes } from './mesh-routes.ts';
import { addNodeRoutes } from './node-routes.ts';
import { ApiDocument } from './openapi/api-document.ts';
import { addOpenApiRoutes } from './openapi/openapi-routes.ts';
import type { OwnSite } from './own-site.ts';
import { answerError, answerNotFound, sendProblem } from './problem.ts';
import { addReadRoutes } from './read-routes.ts';
import { addRelayRoutes } from './relay-routes.ts';
import { addRepositoryRoutes } from './repository-routes.ts';
import { addRoomRoutes } from './room-routes.ts';
import type { StudioServices } from './services.ts';
import { addTakeArchiveRoutes } from './take-archive-routes.ts';
import { addTrainingRoutes } from './training-routes.ts';
import { validateRequest } from './validate.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Under which names the studio answers. */
    readonly site: OwnSite;
  }
}

/** Largest request body; routes that take more say so themselves. */
const BODY_BYTES_MAX = 64 * 1024;

/** What the page may load: itself only; WebAssembly for concealment in rooms. Styles set by React go through the DOM and need no exception. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; connect-src 'self'";
/** RFC 6797: for a year nobody reaches the public name without TLS. */
const STRICT_TRANSPORT = 'max-age=31536000';

/** The studio's web server over its services; does not listen yet. `onRoute` is told of each route as it is added. */
export function createServer(
  services: StudioServices,
  onRoute: (route: RouteOptions) => void = () => {},
): FastifyInstance {
  const { site } = services;
  const { proxies = [] } = site.exposure ?? {};
  const server = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    // Failures go to stderr, beside the progress; what clients ask is not logged.
    logger: { level: 'error', stream: process.stderr },
    frameworkErrors: answerError,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    // By these addresses alone it is believed whom a proxy speaks for.
    trustProxy: proxies.length > 0 && [...proxies],
  });
  traceRequests(server, services.tracing);
  server.decorate('site', site);
  server.setValidatorCompiler(validateRequest);
  server.setErrorHandler(answerError);
  server.setNotFoundHandler(answerNotFound);
  server.decorateRequest('asker');
  server.decorateRequest('actNumber', null);
  server.decorateRequest('keyed', null);
  const document = new ApiDocument();
  server.addHook('onRoute', (route) => {
    applyContract(route);
    document.add(route);
    onRoute(route);
  });
  server.addHook('onRoute', (route) => {
    if (!isAct(route)) return;
    const before = [route.preHandler ?? []].flat();
    route.preHandler = [...before, async (request) => beginAct(services.acts, request)];
  });
  server.addHook('onRoute', (route) => {
    const contract = contractOf(route);
    if (contract === null || !takesKey(String(route.method), contract)) return;
    // Before acts are taken: what is answered again is none.
    route.preValidation = [beginKeyed(services.keyed), ...[route.preValidation ?? []].flat()];
  });
  server.addHook('onSend', tellAnswer);
  server.addHook('onSend', endAct(services.acts));
  server.addHook('onSend', endKeyed(services.keyed));
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': policyFor(services),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      // Cookies know no ports: a page of another program on this machine counts as the same site.
      'cross-origin-resource-policy': 'same-origin',
    });
    if (site.exposure !== null) reply.header('strict-transport-security', STRICT_TRANSPORT);
    if (!site.takesFrom(request.socket.remoteAddress)) {
      const detail = `This is the inner side of ${site.exposure?.origin}: go there.`;
      sendProblem(reply, { status: 403, code: 'proxy-only', detail });
      return reply;
    }
    if (!site.answersTo(request.host)) {
      const detail = `This studio answers as ${site.exposure?.origin ?? 'a loopback name'} only.`;
      sendProblem(reply, { status: 403, code: 'host-refused', detail });
      return reply;
    }
    // A page of another site may send requests here, if only to make the studio work.
    if (!site.isOwnPage(request.headers.origin, request.host)) {
      sendProblem(reply, {
        status: 403,
        code: 'origin-refused',
        detail: 'This studio answers pages of its own only.',
      });
      return reply;
    }
    const elsewhere = roleFault(services.roles, pathAsked(request.url));
    if (elsewhere !== null) {
      sendProblem(reply, elsewhere);
      return reply;
    }
    request.asker = await askerOf(request, services);
    // What somebody is told in person stays out of caches.
    if (request.asker.kind !== 'nobody') reply.header('cache-control', 'no-store');
  });
  addOpenApiRoutes(server, services, document);
  addAccountRoutes(server, services);
  addReadRoutes(server, services);
  addHealthRoutes(server, services);
  addBooksRoutes(server, services);
  addActionRoutes(server, services);
  addActRoutes(server, services);
  addRelayRoutes(server, services);
  addNodeRoutes(server, services);
  addMeshRoutes(server, services);
  addRoomRoutes(server, services);
  addGrooveRoutes(server, services);
  addTakeArchiveRoutes(server, services);
  addTrainingRoutes(server, services);
  addConcealmentRoundRoutes(server, services);
  addEconomyRoutes(server, services);
  addWebhookRoutes(server, services);
  addPayeeRoutes(server, services);
  addPayoutRoutes(server, services);
  addRedemptionRoutes(server, services);
  addReportRoutes(server, services);
  addPerkRoutes(server, services);
  addCodeRoutes(server, services);
  addRepositoryRoutes(server, services);
  addBountyRoutes(server, services);
  addCurationRoutes(server, services);
  addGovernanceRoutes(server, services);
  addEventRoutes(server, services);
  server.register(fastifyStatic, {
    root: services.publicDirectory,
    prefix: '/public/',
    // The log's own lock file is no part of the books.
    dotfiles: 'ignore',
    decorateReply: false,
  });
  if (existsSync(services.webDirectory)) {
    server.register(fastifyStatic, {
      root: services.webDirectory,
      prefix: '/',
      index: ['index.html'],
      // A page of a folder finds its own files only behind a slash.
      redirect: true,
      decorateReply: false,
    });
  }
  return server;
}

/** The page's own WebTransport counts as another origin where its port is not the page's. */
function policyFor({ site, rooms }: StudioServices): string {
  const port = rooms.webTransportPort;
  if (site.exposure === null || port === null) return CONTENT_SECURITY_POLICY;
  return `${CONTENT_SECURITY_POLICY} https://${site.exposure.hostname}:${port}`;
}
