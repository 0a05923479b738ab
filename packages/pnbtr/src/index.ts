export {
  BENCH_DEFAULTS,
  type BenchChoice,
  type BenchCode,
  type BenchData,
  type BenchPlayed,
  type BenchReport,
  type BenchRow,
  benchPnbtr,
} from './bench/bench-pnbtr.ts';
export { benchResampler, type ResamplerRow } from './bench/bench-resampler.ts';
export { BENCH_TIME_PACKETS, type BlockTimes, benchTime, type PacketTimes } from './bench/bench-time.ts';
export { BENCH_METHODS, type BenchMethod } from './bench/methods.ts';
export {
  type BlendCode,
  type BlendModel,
  decodeBlend,
  encodeBlend,
  SHIPPED_BLEND_MODEL,
} from './blend-weights.ts';
export { type ConcealTraceOptions, concealChannels, concealTrace } from './conceal-trace.ts';
export { Concealer, type ConcealerOptions } from './concealer.ts';
export {
  BLEND_GATE_POLICY,
  type BlendFigures,
  type BlendVerdict,
  type HeldOutSound,
  judgeBlend,
} from './learning/judge-blend.ts';
export { parseTrace, type TraceCode } from './loss-trace.ts';
export { MIDI_DEFAULTS, MidiConcealer, type MidiConcealerOptions } from './midi/midi-concealer.ts';
export {
  type ExpectedHit,
  type HitForecast,
  MIDI_WAITING_MAX,
  MidiEar,
  type MidiEarOptions,
} from './midi/midi-ear.ts';
export type { MidiCode, MidiEvent } from './midi/midi-event.ts';
export {
  chooseModels,
  concealUs,
  type ModelSize,
  PACKET_FRAMES_RANGE,
} from './model-size.ts';
export { type RepairOptions, type RepairSpan, repairSpans } from './repair/repair.ts';
export { repairCostFlops } from './repair/repair-cost.ts';
export { REPAIR_DEFAULTS, REPAIR_SPAN_FRAMES_MAX } from './repair/repair-models.ts';
export { resample } from './resample.ts';
export { Resampler } from './resampler.ts';
export { measureSlowness } from './slowness.ts';
