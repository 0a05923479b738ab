import type { FastifyReply, FastifyRequest } from 'fastify';
import { carriesOperatorToken, OPERATOR_HINT } from '../operator-token.ts';
import { sendProblem } from '../problem.ts';

/** Lets through who carries the operator's token. */
export function operatorOnly(token: string) {
  return (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    if (carriesOperatorToken(request, token)) next();
    else sendProblem(reply, { status: 401, code: 'token-missing', detail: OPERATOR_HINT });
  };
}
