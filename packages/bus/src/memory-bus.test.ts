import { describe } from 'vitest';
import { MemoryHub } from './memory-bus.ts';
import { busSuite } from './testing/bus.suite.ts';

describe('the bus of one process', () => {
  busSuite(async () => {
    const hub = new MemoryHub();
    return { connect: async () => hub.connect(), close: async () => undefined };
  });
});
