import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRepairResult, platformSha256 } from '@jamnet/jamnode';
import { encodeTake, encodeWav, toInt16 } from '@jamnet/jdat';
import { type Coordinator, taskIdOf } from '@jamnet/mesh';
import type { StudioParts } from '../composition/studio-parts.ts';
import { writeWhole } from '../config/write-whole.ts';
import type { TakeView } from '../live/studio-state.ts';
import { repairExcerpts } from './repair-excerpts.ts';
import { audienceOf, repairInput, repairTask } from './repair-tasks.ts';
import type { TakeStore } from './take-store.ts';
import { readUnrepaired, type UnrepairedTake } from './unrepaired.ts';

/** What repairs are read with; a studio's parts have it all. */
export interface RepairParts {
  readonly takes: TakeStore;
  readonly coordinator: Pick<Coordinator, 'tasks' | 'blob'>;
}

/** Which result filled which hole, beside the take: what `isRepairStale` compares. */
const REPAIRS = 'repairs.json';
type Repairs = Readonly<Record<string, string | null>>;

/** Puts the verified repairs into the takes: `repaired.wav` for ears, `repaired.jdat` for the archive. */
export async function keepRepairs(parts: StudioParts): Promise<void> {
  for (const view of parts.takes.views()) await keepRepair(parts, view);
  parts.live.update({ takes: parts.takes.views() });
}

/**
 * Writes the repaired take as the coordinator's tasks are now. A hole whose repair was taken back, or never came, is as it arrived,
 * and its span is concealed again.
 */
export async function keepRepair(parts: RepairParts, view: TakeView): Promise<void> {
  const unrepaired = readUnrepaired(parts.takes, view.id);
  const samples = Float32Array.from(unrepaired.samples);
  const repaired: { atSample: number; frames: number }[] = [];
  const repairs: Record<string, string | null> = {};
  for (const excerpt of repairExcerpts(unrepaired.holes, samples.length, view.sampleRateHz)) {
    const input = repairInput(unrepaired, excerpt);
    const task = taskIdOf(platformSha256, repairTask(input, view.id, audienceOf(unrepaired)));
    const resultHash = await acceptedHash(parts, view.id, task);
    repairs[task] = resultHash;
    const result = resultHash === null ? undefined : await parts.coordinator.blob(resultHash);
    const fills = (result && decodeRepairResult(input, result)) ?? [];
    for (const [index, hole] of excerpt.holes.entries()) {
      const fill = fills[index];
      if (!fill) continue;
      samples.set(fill, excerpt.atSample + hole.atSample);
      repaired.push({ atSample: excerpt.atSample + hole.atSample, frames: hole.frames });
    }
  }
  writeRepaired(parts.takes, view, unrepaired, samples, repaired);
  writeWhole(join(parts.takes.createFolder(view.id), REPAIRS), JSON.stringify(repairs));
}

/** Whether a take's repairs are not what their tasks have now. */
export async function isRepairStale({ takes, coordinator }: RepairParts, id: string): Promise<boolean> {
  const known = writtenRepairs(takes, id);
  if (known === null) return false;
  const rows = await coordinator.tasks(Object.keys(known));
  return rows.some((row) => known[row.id] !== (row.state === 'accepted' ? row.resultHash : null));
}

/** What the take was written with last; null when it was never repaired. */
function writtenRepairs(takes: TakeStore, id: string): Repairs | null {
  const file = join(takes.createFolder(id), REPAIRS);
  if (!existsSync(file)) return null;
  return JSON.parse(readFileSync(file, 'utf8')) as Repairs; // Written above.
}

/**
 * Hash of what is accepted for this task; null when it failed or is being computed again. The coordinator forgets tasks that
 * were finished long ago, never their results: what the take was written with stands.
 */
async function acceptedHash(
  { takes, coordinator }: RepairParts,
  take: string,
  task: string,
): Promise<string | null> {
  const [row] = await coordinator.tasks([task]);
  if (!row) return writtenRepairs(takes, take)?.[task] ?? null;
  return row.state === 'accepted' ? row.resultHash : null;
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
    span.fate === 'concealed' || span.fate === 'repaired'
      ? { ...span, fate: isRepaired(span.atSample) ? ('repaired' as const) : ('concealed' as const) }
      : span,
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
