import { channel } from 'node:diagnostics_channel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AreaContract } from './all.ts';

/** An answer on its way out, beside what its route promises. */
export interface Answered {
  readonly route: string;
  readonly contract: AreaContract;
  readonly status: number;
  readonly mediaType: string;
  /** Text where the answer is JSON. */
  readonly payload: unknown;
}

/** Told of every answer while somebody listens; tests hold answers to their contracts by it. */
export const ANSWERS = channel('jamnet:studio:answer');

export async function tellAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { contract } = request.routeOptions.config;
  if (ANSWERS.hasSubscribers && contract) {
    const answered: Answered = {
      route: `${request.method} ${request.routeOptions.url}`,
      contract,
      status: reply.statusCode,
      mediaType: String(reply.getHeader('content-type') ?? '').split(';')[0] ?? '',
      payload,
    };
    ANSWERS.publish(answered);
  }
  return payload;
}
