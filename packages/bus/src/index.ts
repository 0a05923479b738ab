export type { Bus, BusCode, Take } from './bus.ts';
export { MemoryHub } from './memory-bus.ts';
export { type BusWait, openNatsBus } from './nats-bus.ts';
