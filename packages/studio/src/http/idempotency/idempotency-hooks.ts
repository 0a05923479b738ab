import { createHash } from 'node:crypto';
import type {
  FastifyReply,
  FastifyRequest,
  onSendAsyncHookHandler,
  preValidationAsyncHookHandler,
} from 'fastify';
import { bodySha256 } from '../body-sha256.ts';
import { sendProblem } from '../problem.ts';
import { type KeyedAnswers, type KeyedRequest, memberAsker } from './keyed-answers.ts';
import { KEY_HEADER } from './takes-key.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request as its key names it, while it is being done; null where it carries none. */
    keyed: KeyedRequest | null;
  }
}

const STATUSES: Readonly<Record<string, number>> = {
  'idempotency-key-reused': 422,
  'idempotency-keys-full': 429,
};
const KEY = /^[\x21-\x7e]{1,128}$/;

/** Before a route does anything: a key that was answered is answered again, and nothing is done. */
export function beginKeyed(answers: KeyedAnswers): preValidationAsyncHookHandler {
  return async (request, reply) => {
    const key = request.headers[KEY_HEADER];
    const asker = askerName(request);
    // A guest with a ticket or a link is known to the handler alone: such a request is done as if it had no key.
    if (key === undefined || asker === null) return;
    if (typeof key !== 'string' || !KEY.test(key)) return sendProblem(reply, MALFORMED);
    const keyed = { asker, key, requestSha256: requestSha256(request) };
    const begun = await answers.begin(keyed);
    if (!begun.ok) {
      return sendProblem(reply, {
        status: STATUSES[begun.code] ?? 409,
        code: begun.code,
        detail: begun.message,
      });
    }
    if (begun.value === null) request.keyed = keyed;
    else return sendAgain(reply, begun.value);
  };
}

/** Keeps what goes out as the answer to the request's key. */
export function endKeyed(answers: KeyedAnswers): onSendAsyncHookHandler {
  return async ({ keyed, log }, reply, payload) => {
    if (keyed === null) return payload;
    const body = payload instanceof Uint8Array ? Buffer.from(payload).toString() : String(payload ?? '');
    const type = String(reply.getHeader('content-type') ?? '');
    await answers
      .end(keyed, { status: reply.statusCode, type, body })
      .catch((error: unknown) => log.error(error, 'the answer to a key is not kept'));
    return payload;
  };
}

function sendAgain(
  reply: FastifyReply,
  { status, type, body }: { status: number; type: string; body: string },
) {
  reply.code(status).header('idempotency-replayed', 'true');
  return (type === '' ? reply : reply.type(type)).send(body);
}

const MALFORMED = {
  status: 400,
  code: 'idempotency-key-malformed',
  detail: 'Idempotency-Key has 1 to 128 visible ASCII characters, such as a UUID.',
} as const;

function askerName({ asker }: FastifyRequest): string | null {
  if (asker.kind === 'member') return memberAsker(asker.memberId);
  return asker.kind === 'token' ? 'token' : null;
}

function requestSha256({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\0${bodySha256(body)}`)
    .digest('hex');
}
