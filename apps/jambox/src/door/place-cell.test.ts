import { expect, test } from 'vitest';
import { PLACE_BYTES, PlaceCell } from './place-cell.ts';

test('a place is read once, the newest of several, and by each reader for itself', () => {
  const memory = new SharedArrayBuffer(PLACE_BYTES);
  const [writer, reader, other] = [new PlaceCell(memory), new PlaceCell(memory), new PlaceCell(memory)];
  expect(reader.read()).toBeNull();
  writer.write('127.0.0.1:4000');
  expect([reader.read(), reader.read()]).toEqual(['127.0.0.1:4000', null]);
  writer.write('127.0.0.1:4001');
  writer.write('[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535');
  for (const each of [reader, other])
    expect(each.read()).toBe('[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535');
});

test('a place that is being written is not read', () => {
  const memory = new SharedArrayBuffer(PLACE_BYTES);
  const reader = new PlaceCell(memory);
  Atomics.add(new Int32Array(memory), 0, 1);
  expect(reader.read()).toBeNull();
});
