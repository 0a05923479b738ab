export type { Bus, BusCode, Take } from './bus.ts';
export { MemoryHub } from './memory-bus.ts';
export { openNatsBus } from './nats-bus.ts';
