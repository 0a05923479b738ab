import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Door } from '../contracts/doors.ts';
import { type Problem, sendProblem } from '../problem.ts';
import type { Asker } from './asker.ts';

// Every gate is a route's `onRequest`: whoever is not let in is told so before a body is read.

/** Lets through the operator: by a session with that role, or by the token from the data directory. */
export function operatorOnly(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const problem = isOperator(request) ? null : operatorProblem(request.asker);
  if (problem === null) next();
  else sendProblem(reply, problem);
}

/** Lets through who reads what the operator reads: for routes that only look and show nobody's personal data. */
export function operatorOrAuditor(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { asker } = request;
  if (asker.kind === 'member' && asker.role === 'auditor') next();
  else operatorOnly(request, reply, next);
}

/** Lets through who judges: a session with the role curator, or the operator's token, whose sender says for which curator. */
export function curatorOnly(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { asker } = request;
  if (asker.kind === 'token' || (asker.kind === 'member' && asker.role === 'curator')) next();
  else if (asker.kind === 'member') {
    const detail = `This needs the role curator; ${asker.name} is ${asker.role}.`;
    sendProblem(reply, { status: 403, code: 'role-missing', detail });
  } else sendProblem(reply, operatorProblem(asker));
}

/** Lets through who reads what the operator reads, and curators. */
export function curatorOrReader(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { asker } = request;
  if (asker.kind === 'member' && asker.role === 'curator') next();
  else operatorOrAuditor(request, reply, next);
}

/** Lets through who has signed in, whatever the role. */
export function membersOnly(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  if (request.asker.kind === 'member') next();
  else if (request.asker.kind === 'narrow') sendProblem(reply, operatorProblem(request.asker));
  else {
    const detail = 'Sign in first: your account page is at /account/.';
    sendProblem(reply, { status: 401, code: 'not-signed-in', detail });
  }
}

/** Behind {@link membersOnly}: a page left open must give nobody a way to stay in, nor to lead somebody's money elsewhere. */
export function freshOnly({ asker }: FastifyRequest, reply: FastifyReply, next: () => void): void {
  if (asker.kind === 'member' && asker.isFresh) next();
  else {
    const detail = 'Sign out and in again first: this is possible for 15 minutes after signing in.';
    sendProblem(reply, { status: 403, code: 'sign-in-too-old', detail });
  }
}

/** Lets through who has signed in and may say something: whoever is there to check others stays outside of it. */
export function voicesOnly(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { asker } = request;
  if (asker.kind !== 'member' || asker.role !== 'auditor') membersOnly(request, reply, next);
  else {
    const detail = `${asker.name} is auditor: auditors read, and neither comment nor vote.`;
    sendProblem(reply, { status: 403, code: 'role-missing', detail });
  }
}

/** Lets through who has signed in, and the operator's token. */
export function membersOrToken(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  if (request.asker.kind === 'member' || isOperator(request)) next();
  else sendProblem(reply, operatorProblem(request.asker));
}

/**
 * Lets through who asks for their own wallet and who reads what the operator reads; and whoever is at this machine, since the
 * page of a studio that nobody has an account in is its owner's.
 */
export function ownWalletOrHere(
  request: FastifyRequest<{ Params: { payee: string } }>,
  reply: FastifyReply,
  next: () => void,
): void {
  const { asker } = request;
  const isOwn = asker.kind === 'member' && asker.payee === request.params.payee;
  if (isOwn || isHere(request)) next();
  else operatorOrAuditor(request, reply, next);
}

/** Whether a request was sent on this machine. What came over TLS or what a proxy on it hands over was not. */
function isHere({ ip, headers, raw, server }: FastifyRequest): boolean {
  if ('encrypted' in raw.socket || server.site.exposure?.tls === null) return false;
  const isLoopback = ip === '::1' || /^(::ffff:)?127\./.test(ip);
  return isLoopback && !FORWARDED.some((name) => headers[name] !== undefined);
}

/** By these a proxy says that it is one (RFC 7239, RFC 9110 §7.6.3, and what was used before). */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'] as const;

export function isOperator({ asker }: FastifyRequest): boolean {
  return asker.kind === 'token' || (asker.kind === 'member' && asker.role === 'operator');
}

/** Whether who asks reads what the operator reads. */
export function isReader(request: FastifyRequest): boolean {
  const { asker } = request;
  return isOperator(request) || (asker.kind === 'member' && asker.role === 'auditor');
}

/** Why somebody is not let through as operator. */
export function operatorProblem(asker: Asker): Problem {
  if (asker.kind === 'member') {
    const detail = `This needs the role operator; ${asker.name} is ${asker.role}.`;
    return { status: 403, code: 'role-missing', detail };
  }
  if (asker.kind === 'narrow') {
    const detail =
      asker.scope === null
        ? 'No API token does this: sign in with a browser.'
        : `This API token lacks the scope ${asker.scope}: make another at /account/.`;
    return { status: 403, code: 'scope-missing', detail };
  }
  if (asker.kind === 'stranger') {
    const detail =
      'This is not the operator token of this studio, nor an API token that works: send the content of operator.token in its data directory, or make a token at /account/.';
    return { status: 401, code: 'token-wrong', detail };
  }
  const detail =
    'This request needs the operator: sign in as one, or send "Authorization: Bearer …" with the content of operator.token in the data directory.';
  return { status: 401, code: 'token-missing', detail };
}

type Gate = (request: FastifyRequest, reply: FastifyReply, next: () => void) => void;

/** What stands at each kind of door; where nothing does, all come in or the handler looks. */
export const GATES: Readonly<Partial<Record<Door, Gate>>> = {
  members: membersOnly,
  voices: voicesOnly,
  membersOrToken,
  readers: operatorOrAuditor,
  operator: operatorOnly,
  judges: curatorOnly,
  judgesAndReaders: curatorOrReader,
};
