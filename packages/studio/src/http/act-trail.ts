import type { FastifyRequest, onSendAsyncHookHandler, RouteOptions } from 'fastify';
import type { ActLog } from '../acts/act-log.ts';
import { curatorOnly, operatorOnly } from './asker/gates.ts';
import { bodySha256 } from './body-sha256.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked all the time and leaves nothing behind: no act. */
    readonly isRoutine?: boolean;
  }
  interface FastifyRequest {
    actNumber: bigint | null;
  }
}

/** Whether a route changes what only operators or curators may change. */
export function isAct({ method, onRequest, config }: RouteOptions): boolean {
  const changes = [method].flat().some((each) => !['GET', 'HEAD', 'OPTIONS'].includes(each));
  const gates = [onRequest].flat() as readonly unknown[];
  const isGuarded = gates.includes(operatorOnly) || gates.includes(curatorOnly);
  return changes && isGuarded && config?.isRoutine !== true;
}

/** Puts the act that a request is about to do on the trail; the request fails when that fails. */
export async function beginAct(acts: ActLog, request: FastifyRequest): Promise<void> {
  const { asker, method, params, body } = request;
  const isMember = asker.kind === 'member';
  request.actNumber = await acts.begin({
    actor: isMember ? asker.memberId : asker.kind,
    role: isMember ? asker.role : 'operator',
    method,
    route: request.routeOptions.url ?? '',
    parameters: parametersOf(params),
    bodySha256: bodySha256(body),
  });
}

/** Fastify's parameters by their names, as text: a route's schema may have made numbers of them. */
function parametersOf(params: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]));
}

/** Writes down how an act ended before its answer goes out. What fails here is done all the same, and logged at the next start. */
export function endAct(acts: ActLog): onSendAsyncHookHandler {
  return async ({ actNumber, log }, { statusCode }, payload) => {
    if (actNumber !== null)
      await acts
        .end(actNumber, statusCode)
        .catch((error: unknown) => log.error(error, 'an act is not logged yet'));
    return payload;
  };
}
