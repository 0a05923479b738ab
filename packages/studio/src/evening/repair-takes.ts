import { join } from 'node:path';
import { Failure, present } from '@jamnet/base';
import {
  decodeRepairResult,
  encodeFingerprintInput,
  encodeRepairInput,
  kernelOf,
  type RepairInput,
} from '@jamnet/jamnode';
import { encodeTake, encodeWav, toInt16 } from '@jamnet/jdat';
import type { NewTask } from '@jamnet/mesh';
import { writeWhole } from '../config/write-whole.ts';
import type { TakeView } from '../live/studio-state.ts';
import { EXCERPT_SECONDS_MAX, type RepairExcerpt, repairExcerpts } from '../takes/repair-excerpts.ts';
import { readUnrepaired, type UnrepairedTake } from '../takes/unrepaired.ts';
import type { EveningContext } from './evening-context.ts';

/** Creates the evening's tasks; creating them again after a crash finds the same ones. Answers their ids. */
export async function createTakeTasks(
  context: EveningContext,
  nodes: readonly string[],
): Promise<readonly string[]> {
  const tasks = context.parts.takes.views().flatMap((take) => tasksOf(context, take));
  const answer = await context.parts.mesh.apply({
    type: 'create',
    tasks,
    assignment: 'rendezvous',
    candidates: nodes,
  });
  if (!answer.ok) throw new Failure(answer.code, answer.message);
  return answer.value.tasks;
}

function tasksOf(context: EveningContext, take: TakeView): NewTask[] {
  const unrepaired = readUnrepaired(context.parts.takes, take.id);
  const { consent } = unrepaired.take.header;
  const audience = consent.strangers ? 'strangers' : 'trusted';
  const excerpts = repairExcerpts(unrepaired.holes, unrepaired.samples.length, take.sampleRateHz);
  const repairs = excerpts.map((excerpt) =>
    newTask('take.repair', encodeRepairInput(repairInput(unrepaired, excerpt)), take.id, audience),
  );
  const opening = unrepaired.samples.subarray(0, EXCERPT_SECONDS_MAX * take.sampleRateHz);
  const fingerprint = encodeFingerprintInput({ rateHz: take.sampleRateHz, pcm: toInt16(opening) });
  return [...repairs, newTask('take.fingerprint', fingerprint, take.id, audience)];
}

function newTask(
  kind: string,
  input: Uint8Array,
  subject: string,
  audience: 'strangers' | 'trusted',
): NewTask {
  const kernel = present(kernelOf(kind, 1), `kernel of ${kind}`);
  const operations = kernel.operations(input);
  if (!operations.ok) throw new Failure(operations.code, operations.message);
  return { kind, version: 1, input, operations: operations.value, subject, audience };
}

/** What a host sees of a take: an excerpt, its holes, no name. */
function repairInput({ take, samples }: UnrepairedTake, excerpt: RepairExcerpt): RepairInput {
  const pcm = toInt16(samples.subarray(excerpt.atSample, excerpt.atSample + excerpt.frames));
  return { rateHz: take.header.sampleRateHz, pcm, spans: excerpt.holes };
}

/** Puts the verified repairs into the takes: `repaired.wav` for ears, `repaired.jdat` for the archive. */
export async function keepRepairs(context: EveningContext): Promise<void> {
  for (const view of context.parts.takes.views()) await keepRepair(context, view);
  context.parts.live.update({ takes: context.parts.takes.views() });
}

async function keepRepair(context: EveningContext, view: TakeView): Promise<void> {
  const unrepaired = readUnrepaired(context.parts.takes, view.id);
  const samples = Float32Array.from(unrepaired.samples);
  const repaired: { atSample: number; frames: number }[] = [];
  for (const excerpt of repairExcerpts(unrepaired.holes, samples.length, view.sampleRateHz)) {
    const input = repairInput(unrepaired, excerpt);
    const fills = await verifiedFills(context, input, view.id);
    for (const [index, hole] of excerpt.holes.entries()) {
      const fill = fills[index];
      if (!fill) continue;
      samples.set(fill, excerpt.atSample + hole.atSample);
      repaired.push({ atSample: excerpt.atSample + hole.atSample, frames: hole.frames });
    }
  }
  writeRepaired(context, view, unrepaired, samples, repaired);
}

/** The accepted result of the task that had this very input, hole by hole; empty when it failed. */
async function verifiedFills(
  context: EveningContext,
  input: RepairInput,
  subject: string,
): Promise<readonly Float32Array[]> {
  const { coordinator, mesh } = context.parts;
  const task = newTask('take.repair', encodeRepairInput(input), subject, 'strangers');
  // Ids follow from content: asking to create the task again answers the one that was done.
  const known = await mesh.apply({ type: 'create', tasks: [task] });
  const [row] = known.ok ? await coordinator.tasks(known.value.tasks) : [];
  if (row?.state !== 'accepted' || row.resultHash === null) return [];
  const result = await coordinator.blob(row.resultHash);
  return (result && decodeRepairResult(input, result)) ?? [];
}

function writeRepaired(
  context: EveningContext,
  view: TakeView,
  { take, samples: unrepaired }: UnrepairedTake,
  samples: Float32Array,
  repaired: readonly { atSample: number; frames: number }[],
): void {
  const folder = context.parts.takes.createFolder(view.id);
  writeWhole(
    join(folder, 'repaired.wav'),
    encodeWav({ sampleRateHz: view.sampleRateHz, channels: [samples] }, { bitsPerSample: 16 }),
  );
  const spans = repaired.map(({ atSample, frames }) => ({
    type: 'span' as const,
    atSample,
    frames,
    fate: 'repaired' as const,
  }));
  const audio = audioRecords(samples, unrepaired.length);
  const records = [...audio, ...spans].sort((a, b) => a.atSample - b.atSample);
  const header = { ...take.header, role: 'repaired' as const };
  writeWhole(join(folder, 'repaired.jdat'), `${[...encodeTake(header, records)].join('\n')}\n`);
  const isRepaired = (atSample: number): boolean =>
    repaired.some((hole) => atSample >= hole.atSample && atSample < hole.atSample + hole.frames);
  const shown = view.spans.map((span) =>
    span.fate === 'concealed' && isRepaired(span.atSample) ? { ...span, fate: 'repaired' as const } : span,
  );
  context.parts.takes.writeView({ ...view, spans: shown, variants: ['sent', 'heard', 'repaired'] });
}

/** Samples of one record of the written take. */
const RECORD_FRAMES = 8192;

function audioRecords(samples: Float32Array, frames: number) {
  const records: { type: 'audio'; atSample: number; samples: Int16Array }[] = [];
  for (let atSample = 0; atSample < frames; atSample += RECORD_FRAMES) {
    records.push({
      type: 'audio',
      atSample,
      samples: toInt16(samples.subarray(atSample, Math.min(frames, atSample + RECORD_FRAMES))),
    });
  }
  return records;
}
