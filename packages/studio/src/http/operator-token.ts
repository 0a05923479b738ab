import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

export const OPERATOR_HINT =
  'This request needs the operator token: send "Authorization: Bearer …" with the content of operator.token in the data directory.';

export function carriesOperatorToken(request: FastifyRequest, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
