import { clamp } from '../clamp.ts';
import { concealTrace } from '../conceal-trace.ts';
import { PREDICTOR_FIGURE, Predictor } from '../predictor.ts';
import { type RepairSpan, repairSpans } from '../repair/repair.ts';

/** The methods of the table; `repair` sees the whole file and has all the time it wants, so it is measured when asked for. */
export const BENCH_METHODS = ['zero', 'burg1024', 'pnbtr', 'pnbtr-two-sided'] as const;
export type BenchMethod = (typeof BENCH_METHODS)[number] | 'repair';

export interface BenchRun {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  readonly onBlock: (phase: 'begin' | 'end') => void;
}

/** What a listener hears of `samples` by one method. */
export function playMethod(
  method: BenchMethod,
  samples: Float32Array,
  trace: Uint8Array,
  run: BenchRun,
): Float32Array {
  switch (method) {
    case 'zero':
      return samples.map((sample, n) => (trace[Math.floor(n / run.packetFrames)] === 1 ? 0 : sample));
    case 'burg1024':
      return plainBurg(samples, trace, run);
    case 'pnbtr':
      return concealTrace(samples, trace, run);
    case 'pnbtr-two-sided':
      return concealTrace(samples, trace, { ...run, twoSided: true });
    case 'repair':
      return repaired(samples, trace, run);
  }
}

/** The whole file mended at once: its one block is the file. */
function repaired(samples: Float32Array, trace: Uint8Array, run: BenchRun): Float32Array {
  run.onBlock('begin');
  const played = repairSpans(samples, spansOf(trace, run.packetFrames, samples.length));
  run.onBlock('end');
  return played;
}

function spansOf(trace: Uint8Array, packetFrames: number, length: number): RepairSpan[] {
  const spans: RepairSpan[] = [];
  for (let p = 0; p * packetFrames < length; p++) {
    if (trace[p] !== 1) continue;
    const atSample = p * packetFrames;
    while (trace[p] === 1 && p * packetFrames < length) p++;
    spans.push({ atSample, frames: Math.min(p * packetFrames, length) - atSample });
  }
  return spans;
}

/** The yardstick: Burg of order 1024 on 4096 samples, one fit per burst, full level, cross-fade over half a packet. */
function plainBurg(samples: Float32Array, trace: Uint8Array, run: BenchRun): Float32Array {
  const frames = run.packetFrames;
  const predictor = new Predictor({ packetFrames: frames, order: 1024, contextFrames: 4096 });
  const packets = Math.ceil(samples.length / frames);
  const played = new Float32Array(packets * frames);
  played.set(samples);
  for (let p = 0; p < packets; p++) {
    const out = played.subarray(p * frames, (p + 1) * frames);
    const wasLost = p > 0 && trace[p - 1] === 1;
    run.onBlock('begin');
    if (trace[p] === 1) {
      if (!wasLost) predictor.begin();
      const at = predictor.advance(frames);
      for (let i = 0; i < frames; i++) out[i] = clamp(predictor.samples[at + i] ?? 0, peakOf(predictor));
      predictor.append(out);
    } else {
      predictor.append(out);
      if (wasLost) fadeIn(out, predictor, frames >> 1);
    }
    run.onBlock('end');
  }
  return played.slice(0, samples.length);
}

function fadeIn(out: Float32Array, predictor: Predictor, frames: number): void {
  const at = predictor.peek(frames);
  for (let i = 0; i < frames; i++) {
    const weight = (i + 0.5) / frames;
    out[i] = (out[i] ?? 0) * weight + clamp(predictor.samples[at + i] ?? 0, peakOf(predictor)) * (1 - weight);
  }
}

function peakOf(predictor: Predictor): number {
  return predictor.figures[PREDICTOR_FIGURE.peak] ?? 0;
}
