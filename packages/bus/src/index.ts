export type { Bus, BusCode, Take } from './bus.ts';
export { MemoryHub } from './memory-bus.ts';
