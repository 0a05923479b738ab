export { Concealer, type ConcealerOptions } from './concealer.ts';
export { chooseModel, type ModelSize, PACKET_FRAMES_RANGE } from './model-size.ts';
export {
  REPAIR_DEFAULTS,
  REPAIR_SPAN_FRAMES_MAX,
  type RepairOptions,
  type RepairSpan,
  repairSpans,
} from './repair.ts';
export { repairCostFlops } from './repair-cost.ts';
export { resample } from './resample.ts';
export { Resampler } from './resampler.ts';
