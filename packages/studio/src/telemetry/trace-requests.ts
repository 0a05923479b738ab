import type { FastifyInstance } from 'fastify';
import { NO_TRACING, type OpenSpan, type Tracing } from './tracing.ts';

/**
 * A span for each request, by its route's pattern: what stands in paths and queries names people. Must be added before other hooks, so
 * that what they do lies within. Trace contexts of clients are not taken over: anybody could make all their requests sampled.
 */
export function traceRequests(server: FastifyInstance, tracing: Tracing): void {
  if (tracing === NO_TRACING) return;
  const spans = new WeakMap<object, OpenSpan>();
  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const facts = { 'http.request.method': request.method, 'http.route': route };
    const span = tracing.begin(`${request.method} ${route}`, 'server', facts);
    spans.set(request, span);
    span.run(done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const status = reply.statusCode;
    spans.get(request)?.end({ 'http.response.status_code': status }, status >= 500 ? String(status) : null);
    spans.delete(request);
    done();
  });
  // Who goes before the answer is whole.
  server.addHook('onRequestAbort', (request, done) => {
    spans.get(request)?.end({}, 'aborted');
    spans.delete(request);
    done();
  });
}
