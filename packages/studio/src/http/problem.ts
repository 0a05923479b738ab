import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** An error answer as RFC 9457 has it, with our closed `code` beside the sentence. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Misdirected',
  422: 'Refused',
  429: 'Too many requests',
  503: 'Not ready',
};

/** Of refusals that come from Fastify itself; whatever else it refuses is a request that it could not read. */
const CODES: Record<number, string> = {
  413: 'body-too-large',
  415: 'media-type-unsupported',
  429: 'too-many-requests',
};

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, code, detail } = problem;
  const title = TITLES[status] ?? 'Failed';
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:jamnet:problem:${code}`, title, status, code, detail }));
}

/** Every error that Fastify meets becomes a problem; ours that we did not foresee say nothing of the inside. */
export function answerError(
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.validation)
    return sendProblem(reply, { status: 400, code: 'request-invalid', detail: error.message });
  const status = error.statusCode ?? 500;
  if (status < 500)
    return sendProblem(reply, { status, code: CODES[status] ?? 'request-invalid', detail: error.message });
  reply.log.error(error);
  return sendProblem(reply, {
    status: 500,
    code: 'internal',
    detail: 'The studio failed at this; its log says why.',
  });
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    status: 404,
    code: 'not-found',
    detail: `There is nothing at ${request.url.slice(0, 200)}.`,
  });
}
