import { randomUUID } from 'node:crypto';
import type { Result } from '@jamnet/base';
import type { Bus } from '@jamnet/bus';
import type { AnswerByType, Coordinator, Request, RequestCode } from '@jamnet/mesh';
import { MeshNews } from '../mesh/mesh-news.ts';
import { tellNode } from '../mesh/node-requests.ts';

const HEARS_NOTHING = { workWaiting: () => undefined, done: () => undefined, tell: () => undefined };

/** A decision in a process to which no host is connected; the coordinators that have the hosts are told of it. */
export async function applyElsewhere<R extends Request>(
  coordinator: Coordinator,
  nowUs: bigint,
  request: R,
  bus: Bus | null,
): Promise<Result<AnswerByType[R['type']], RequestCode>> {
  const { answer, effects } = await coordinator.apply(nowUs, request);
  if (bus === null || effects.length === 0) return answer;
  const news = new MeshNews(bus, randomUUID(), HEARS_NOTHING);
  for (const effect of effects)
    if (effect.type === 'work-waiting') news.workWaiting(effect.tasks);
    else tellNode(new Map(), effect, news);
  news.close();
  return answer;
}
