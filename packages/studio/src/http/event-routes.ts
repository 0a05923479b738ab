import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';
import type { StudioServices } from './services.ts';

/** At most four states a second reach a page, however fast the loop runs. */
const INTERVAL_MS = 250;
/** A comment line this often keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A page that reads slower than this many unsent bytes misses states instead of filling memory, and gets the newest once it has read. */
const BACKLOG_BYTES_MAX = 4 * 1024 * 1024;

/** The loop as it happens: server-sent events named `state`, each the whole state. */
export function addEventRoutes(server: FastifyInstance, services: StudioServices): void {
  server.get('/api/events', (request, reply) => {
    const stream = reply.raw;
    let timer: NodeJS.Timeout | undefined;
    const send = (): void => {
      timer = undefined;
      if (stream.writableLength > BACKLOG_BYTES_MAX) {
        stream.once('drain', send);
        return;
      }
      stream.write(`event: state\ndata: ${JSON.stringify(services.live.current)}\n\n`);
    };
    const leave = services.live.watch(() => {
      timer ??= setTimeout(send, INTERVAL_MS);
    }, request.ip);
    if (!leave.ok) {
      sendProblem(reply, { status: 503, code: leave.code, detail: leave.message });
      return;
    }
    reply.hijack();
    // The security headers were set on the reply, which is left aside here.
    stream.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    send();
    const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
    request.raw.once('close', () => {
      leave.value();
      clearTimeout(timer);
      clearInterval(heartbeat);
    });
  });
}
