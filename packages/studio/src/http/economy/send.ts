import { bigintAsText, type Result } from '@jamnet/base';
import type { FastifyReply } from 'fastify';
import { noticePage } from '../../reports/layout.ts';
import { sendRefusal } from '../read-routes.ts';

export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
}

export function sendNotice(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  return sendPage(reply, noticePage(title, text), status);
}

/** JSON in which bigints are decimal text; nobody on the way keeps a copy, since much of it is somebody’s own. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(value, bigintAsText));
}

export function sendAnswer(reply: FastifyReply, answer: Result<unknown>, refusedStatus = 422): FastifyReply {
  return answer.ok ? sendJson(reply, answer.value) : sendRefusal(reply, answer, refusedStatus);
}
