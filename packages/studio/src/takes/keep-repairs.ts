import { join } from 'node:path';
import { decodeRepairResult } from '@jamnet/jamnode';
import { encodeTake, encodeWav, toInt16 } from '@jamnet/jdat';
import type { NewTask } from '@jamnet/mesh';
import type { StudioParts } from '../composition/studio-parts.ts';
import { writeWhole } from '../config/write-whole.ts';
import type { TakeView } from '../live/studio-state.ts';
import { repairExcerpts } from './repair-excerpts.ts';
import { audienceOf, repairInput, repairTask } from './repair-tasks.ts';
import type { TakeStore } from './take-store.ts';
import { readUnrepaired, type UnrepairedTake } from './unrepaired.ts';

/** Puts the verified repairs into the takes: `repaired.wav` for ears, `repaired.jdat` for the archive. */
export async function keepRepairs(parts: StudioParts): Promise<void> {
  for (const view of parts.takes.views()) await keepRepair(parts, view);
  parts.live.update({ takes: parts.takes.views() });
}

async function keepRepair(parts: StudioParts, view: TakeView): Promise<void> {
  const unrepaired = readUnrepaired(parts.takes, view.id);
  const samples = Float32Array.from(unrepaired.samples);
  const repaired: { atSample: number; frames: number }[] = [];
  for (const excerpt of repairExcerpts(unrepaired.holes, samples.length, view.sampleRateHz)) {
    const input = repairInput(unrepaired, excerpt);
    const result = await acceptedResult(parts, repairTask(input, view.id, audienceOf(unrepaired)));
    const fills = (result && decodeRepairResult(input, result)) ?? [];
    for (const [index, hole] of excerpt.holes.entries()) {
      const fill = fills[index];
      if (!fill) continue;
      samples.set(fill, excerpt.atSample + hole.atSample);
      repaired.push({ atSample: excerpt.atSample + hole.atSample, frames: hole.frames });
    }
  }
  writeRepaired(parts.takes, view, unrepaired, samples, repaired);
}

/** What was accepted for this task; null when it failed. */
async function acceptedResult(parts: StudioParts, task: NewTask): Promise<Uint8Array | null> {
  // Ids follow from content: asking to create the task again answers the one that was done.
  const known = await parts.mesh.apply({ type: 'create', tasks: [task] });
  const [row] = known.ok ? await parts.coordinator.tasks(known.value.tasks) : [];
  if (row?.state !== 'accepted' || row.resultHash === null) return null;
  return (await parts.coordinator.blob(row.resultHash)) ?? null;
}

function writeRepaired(
  store: TakeStore,
  view: TakeView,
  { take, samples: unrepaired }: UnrepairedTake,
  samples: Float32Array,
  repaired: readonly { atSample: number; frames: number }[],
): void {
  const folder = store.createFolder(view.id);
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
  store.writeView({ ...view, spans: shown, variants: ['sent', 'heard', 'repaired'] });
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
