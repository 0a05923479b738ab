import { ok, type Result, refuse } from '@jamnet/base';
import { chunkOf } from '@jamnet/mesh/chunks';
import { type RepairSpan, repairCostFlops, repairSpans } from '@jamnet/pnbtr';
import { CHUNK_COUNT, type Kernel, type KernelCode } from './kernel.ts';

/** An excerpt of a take with holes. Strangers see at most {@link EXCERPT_SECONDS_MAX} of it, and no name. */
export interface RepairInput {
  /** 8,000 … 192,000. */
  readonly rateHz: number;
  readonly pcm: Int16Array;
  /** Sorted, apart, inside the excerpt; at most {@link REPAIR_SPANS_MAX}. */
  readonly spans: readonly RepairSpan[];
}

export const EXCERPT_SECONDS_MAX = 2;
export const REPAIR_SPANS_MAX = 1024;
const HEADER_BYTES = 12;
const SPAN_BYTES = 8;

/**
 * Little-endian: u32 rate, u32 frames, u32 spans; per span u32 start, u32 frames; then int16 samples.
 */
export function encodeRepairInput(input: RepairInput): Uint8Array {
  const { rateHz, pcm, spans } = input;
  const pcmAt = HEADER_BYTES + SPAN_BYTES * spans.length;
  const bytes = new Uint8Array(pcmAt + 2 * pcm.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, rateHz, true);
  view.setUint32(4, pcm.length, true);
  view.setUint32(8, spans.length, true);
  for (const [index, span] of spans.entries()) {
    view.setUint32(HEADER_BYTES + SPAN_BYTES * index, span.atSample, true);
    view.setUint32(HEADER_BYTES + SPAN_BYTES * index + 4, span.frames, true);
  }
  for (const [index, sample] of pcm.entries()) view.setInt16(pcmAt + 2 * index, sample, true);
  return bytes;
}

export function decodeRepairInput(bytes: Uint8Array): Result<RepairInput, KernelCode> {
  if (bytes.length < HEADER_BYTES) return malformed('shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [rateHz, frames, spanCount] = [
    view.getUint32(0, true),
    view.getUint32(4, true),
    view.getUint32(8, true),
  ];
  if (rateHz < 8000 || rateHz > 192_000) return malformed('rate outside 8,000 to 192,000 Hz');
  if (frames < 1 || frames > EXCERPT_SECONDS_MAX * rateHz)
    return malformed(`not 1 frame to ${EXCERPT_SECONDS_MAX} s long`);
  if (spanCount < 1 || spanCount > REPAIR_SPANS_MAX) return malformed(`not 1 to ${REPAIR_SPANS_MAX} spans`);
  const pcmAt = HEADER_BYTES + SPAN_BYTES * spanCount;
  if (bytes.length !== pcmAt + 2 * frames) return malformed('length does not fit the header');
  const spans: RepairSpan[] = [];
  let end = 0;
  for (let index = 0; index < spanCount; index++) {
    const atSample = view.getUint32(HEADER_BYTES + SPAN_BYTES * index, true);
    const length = view.getUint32(HEADER_BYTES + SPAN_BYTES * index + 4, true);
    if (length < 1 || atSample < end || atSample + length > frames)
      return malformed('spans overlap or leave the excerpt');
    spans.push({ atSample, frames: length });
    end = atSample + length;
  }
  const pcm = Int16Array.from({ length: frames }, (_, index) => view.getInt16(pcmAt + 2 * index, true));
  return ok({ rateHz, pcm, spans });
}

function malformed(why: string): Result<never, KernelCode> {
  return refuse('input-malformed', `take.repair: the input is ${why}.`);
}

/** The repaired samples of each span, −1 … 1, in the order of the input's spans. */
export function decodeRepairResult(
  input: { readonly spans: readonly Pick<RepairSpan, 'frames'>[] },
  result: Uint8Array,
): Float32Array[] | null {
  const total = input.spans.reduce((sum, span) => sum + span.frames, 0);
  if (result.length !== 4 * total) return null;
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  let at = 0;
  return input.spans.map((span) =>
    Float32Array.from({ length: span.frames }, () => view.getFloat32(4 * at++, true)),
  );
}

/** Heavy offline concealment of a take's gaps: both sides of each hole are used. Result: float32 of the spans, joined. */
export const takeRepair: Kernel = {
  kind: 'take.repair',
  version: 1,
  operations(bytes) {
    const input = decodeRepairInput(bytes);
    if (!input.ok) return input;
    const { spans, pcm } = input.value;
    return ok(spans.reduce((sum, span) => sum + repairCostFlops(span.frames, {}, pcm.length), 0n));
  },
  run(bytes) {
    const input = decodeRepairInput(bytes);
    return input.ok ? ok(repair(input.value)) : input;
  },
  runChunk(bytes, chunk) {
    const result = this.run(bytes);
    return result.ok ? ok(chunkOf(result.value, CHUNK_COUNT, chunk)) : result;
  },
};

function repair({ pcm, spans }: RepairInput): Uint8Array {
  const repaired = repairSpans(
    Float32Array.from(pcm, (sample) => sample / 32_768),
    spans,
  );
  const total = spans.reduce((sum, span) => sum + span.frames, 0);
  const bytes = new Uint8Array(4 * total);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { atSample, frames } of spans) {
    for (let n = atSample; n < atSample + frames; n++) view.setFloat32(4 * at++, repaired[n] ?? 0, true);
  }
  return bytes;
}
