import { fromInt16 } from './pcm.ts';
import type { SpanFate, Take } from './take.ts';

export interface Span {
  readonly atSample: number;
  readonly frames: number;
}

/** Fates whose samples are a guess or silence, and so wait for repair. */
const GUESSED: ReadonlySet<SpanFate> = new Set<SpanFate>(['concealed', 'late', 'lost']);

/**
 * The take as one signal, full scale ±1, and what of it is not the sent sound: spans concealed, late or lost, and
 * places without audio (zeros in `samples`). `missing` is sorted, without overlap, neighbours joined.
 */
export function takePcm(take: Take): { samples: Float32Array; missing: Span[] } {
  const spans: Span[] = [];
  let end = 0;
  let audioEnd = 0;
  for (const record of take.records) {
    if (record.type === 'audio') {
      if (record.atSample > audioEnd) spans.push({ atSample: audioEnd, frames: record.atSample - audioEnd });
      audioEnd = record.atSample + record.samples.length;
    } else if (record.type === 'span' && GUESSED.has(record.fate)) {
      spans.push({ atSample: record.atSample, frames: record.frames });
    }
    if (record.type === 'audio') end = Math.max(end, audioEnd);
    else if (record.type === 'span') end = Math.max(end, record.atSample + record.frames);
  }
  if (end > audioEnd) spans.push({ atSample: audioEnd, frames: end - audioEnd });
  const samples = new Float32Array(end);
  for (const record of take.records)
    if (record.type === 'audio') samples.set(fromInt16(record.samples), record.atSample);
  return { samples, missing: joinSpans(spans) };
}

/** Sorted union of spans. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: { atSample: number; frames: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.atSample - b.atSample)) {
    if (span.frames <= 0) continue;
    const last = joined.at(-1);
    if (last === undefined || span.atSample > last.atSample + last.frames) joined.push({ ...span });
    else last.frames = Math.max(last.frames, span.atSample + span.frames - last.atSample);
  }
  return joined;
}
