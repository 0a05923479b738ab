import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendRefusal } from '../read-routes.ts';
import type { StudioServices } from '../services.ts';

/** Stripe's largest events are some tens of kilobytes. */
const EVENT_BYTES_MAX = 256 * 1024;

/**
 * Signed events from outside. Signatures are over the very bytes that came, so bodies are not parsed here; the signature is
 * the only thing that lets a sender in, and a refusal says its code and writes nothing.
 */
export function addWebhookRoutes(server: FastifyInstance, { desk }: StudioServices): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const options = { bodyLimit: EVENT_BYTES_MAX };
    scope.post('/api/webhooks/stripe', options, async (request, reply) => {
      const answer = await desk.stripeEvent(bytesOf(request), header(request, 'stripe-signature'));
      return answer.ok ? answer.value : sendRefusal(reply, answer, statusOf(answer.code));
    });
    scope.post('/api/webhooks/orders', options, async (request, reply) => {
      const timestamp = header(request, 'jamnet-timestamp');
      const signature = header(request, 'jamnet-signature');
      const answer = await desk.orderEvent(bytesOf(request), { timestamp, signature });
      return answer.ok ? answer.value : sendRefusal(reply, answer, statusOf(answer.code));
    });
  });
}

function bytesOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** Senders try again at any of these; only the first says that trying the same bytes again is useless. */
function statusOf(code: string): number {
  if (code === 'webhook-malformed' || code === 'webhook-type-unknown') return 400;
  if (code === 'webhook-signature-wrong' || code === 'webhook-too-old') return 401;
  return code === 'webhook-not-set-up' ? 503 : 422;
}
