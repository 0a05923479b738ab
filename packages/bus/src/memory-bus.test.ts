import { encodeUtf8 } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { MemoryHub, WAITING_MAX } from './memory-bus.ts';
import { busSuite } from './testing/bus.suite.ts';

describe('the bus of one process', () => {
  busSuite(async () => {
    const hub = new MemoryHub();
    return { connect: async () => hub.connect(), close: async () => undefined };
  });
});

test('of more than may wait in one turn the first are heard, the rest are lost, and the bus goes on', async () => {
  const bus = new MemoryHub().connect();
  const heard: string[] = [];
  bus.subscribe('life', (bytes) => void heard.push(Buffer.from(bytes).toString()));
  for (let i = 0; i < WAITING_MAX + 10; i++) bus.publish('life', encodeUtf8(`${i}`));
  await Promise.resolve();
  expect([heard.length, heard.at(-1)]).toEqual([WAITING_MAX, `${WAITING_MAX - 1}`]);
  bus.publish('life', encodeUtf8('again'));
  await Promise.resolve();
  expect(heard.at(-1)).toBe('again');
});
