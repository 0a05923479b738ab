import { Failure, present } from '@jamnet/base';
import { encodeFingerprintInput, encodeRepairInput, kernelOf, type RepairInput } from '@jamnet/jamnode';
import { toInt16 } from '@jamnet/jdat';
import type { NewTask } from '@jamnet/mesh';
import type { TakeView } from '../live/studio-state.ts';
import type { MeshSocket } from '../mesh/mesh-socket.ts';
import { EXCERPT_SECONDS_MAX, type RepairExcerpt, repairExcerpts } from './repair-excerpts.ts';
import type { TakeStore } from './take-store.ts';
import { readUnrepaired, type UnrepairedTake } from './unrepaired.ts';

/** Who may see the work: hosts of any owner, or only those the studio trusts. */
type Audience = 'strangers' | 'trusted';

/** Creates the repair and fingerprint tasks of all takes; creating them again finds the same ones. Answers their ids. */
export async function createTakeTasks(
  parts: { readonly takes: TakeStore; readonly mesh: Pick<MeshSocket, 'apply'> },
  nodes: readonly string[],
): Promise<readonly string[]> {
  const tasks = parts.takes.views().flatMap((take) => tasksOf(parts.takes, take));
  const answer = await parts.mesh.apply({
    type: 'create',
    tasks,
    assignment: 'rendezvous',
    candidates: nodes,
  });
  if (!answer.ok) throw new Failure(answer.code, answer.message);
  return answer.value.tasks;
}

function tasksOf(store: TakeStore, take: TakeView): NewTask[] {
  const unrepaired = readUnrepaired(store, take.id);
  const excerpts = repairExcerpts(unrepaired.holes, unrepaired.samples.length, take.sampleRateHz);
  const repairs = excerpts.map((excerpt) =>
    repairTask(repairInput(unrepaired, excerpt), take.id, audienceOf(unrepaired)),
  );
  const opening = unrepaired.samples.subarray(0, EXCERPT_SECONDS_MAX * take.sampleRateHz);
  const fingerprint = encodeFingerprintInput({ rateHz: take.sampleRateHz, pcm: toInt16(opening) });
  return [...repairs, newTask('take.fingerprint', fingerprint, take.id, audienceOf(unrepaired))];
}

/** What the players agreed to. */
export function audienceOf({ take }: UnrepairedTake): Audience {
  return take.header.consent.strangers ? 'strangers' : 'trusted';
}

/** The task that mends one excerpt; its id follows from its content. */
export function repairTask(input: RepairInput, subject: string, audience: Audience): NewTask {
  return newTask('take.repair', encodeRepairInput(input), subject, audience);
}

/** What a host sees of a take: an excerpt, its holes, no name. */
export function repairInput({ take, samples }: UnrepairedTake, excerpt: RepairExcerpt): RepairInput {
  const pcm = toInt16(samples.subarray(excerpt.atSample, excerpt.atSample + excerpt.frames));
  return { rateHz: take.header.sampleRateHz, pcm, spans: excerpt.holes };
}

function newTask(kind: string, input: Uint8Array, subject: string, audience: Audience): NewTask {
  const kernel = present(kernelOf(kind, 1), `kernel of ${kind}`);
  const operations = kernel.operations(input);
  if (!operations.ok) throw new Failure(operations.code, operations.message);
  return { kind, version: 1, input, operations: operations.value, subject, audience };
}
