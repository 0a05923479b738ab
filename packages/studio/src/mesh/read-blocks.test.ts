import { expect, test } from 'vitest';
import { BLOCK_BYTES_MIN, BLOCKS_MAX, giveBack, READ_BYTES_MAX, ReadBlocks } from './read-blocks.ts';

const newBlock = () => new Uint8Array(BLOCK_BYTES_MIN);

test('the blocks of a message are given back once it is put together, less the one that is being read', () => {
  const blocks = new ReadBlocks();
  const first = newBlock();
  const last = newBlock();
  blocks.block(first);
  blocks.message({ length: READ_BYTES_MAX + 1 }, false);
  blocks.block(last);
  expect([first.length, last.length]).toEqual([0, BLOCK_BYTES_MIN]);
  blocks.message('text', true);
  expect(last.length).toBe(0);
});

test('a message that may lie in the blocks themselves keeps them, and the one that is being read', () => {
  const blocks = new ReadBlocks();
  const [before, during, after] = [newBlock(), newBlock(), newBlock()];
  blocks.block(before);
  blocks.message({ length: READ_BYTES_MAX }, false);
  blocks.block(during);
  blocks.block(after);
  blocks.message({ length: READ_BYTES_MAX + 1 }, false);
  expect([before.length, during.length, after.length]).toEqual([BLOCK_BYTES_MIN, BLOCK_BYTES_MIN, 0]);
});

test('a node that sends no message, only pieces, is remembered to a limit', () => {
  const blocks = new ReadBlocks();
  for (let n = 0; n <= BLOCKS_MAX; n++) blocks.block(newBlock());
  expect(blocks.count).toBe(1);
});

test('of a node that only beats no block is remembered', () => {
  const blocks = new ReadBlocks();
  blocks.block(new Uint8Array(BLOCK_BYTES_MIN - 1));
  expect(blocks.count).toBe(0);
});

test('memory is given back, unless something else lies in it', () => {
  const whole = new Uint8Array(8);
  giveBack(whole);
  expect(whole.length).toBe(0);
  const shared = new Uint8Array(8).subarray(0, 4);
  giveBack(shared);
  expect(shared.length).toBe(4);
});
