import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeReveal, encodeReveal } from './reveal-frame.ts';

const TASK = '0123456789abcdef'.repeat(4);
const bytes = (length: number) => new Uint8Array(length).fill(7);
const GOOD = encodeReveal({ type: 'reveal', call: 9, items: [{ task: TASK, lease: 2, result: bytes(3) }] });

test('the bytes of a frame are those of its table', () => {
  const head = '01' + '00000009' + '01';
  const item = `${TASK}00${'00000002'}${'00000003'}070707`;
  expect(Buffer.from(GOOD).toString('hex')).toBe(head + item);
});

test('carries any results there and back, as views of the frame', () => {
  const item = fc.record({
    task: fc
      .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom('', '-1', '-4'))
      .map(([group, suffix]) => Buffer.from(group).toString('hex') + suffix),
    lease: fc.nat({ max: 0xffff_ffff }),
    result: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(fc.nat(), fc.array(item, { minLength: 1, maxLength: 50 }), (call, items) => {
      const frame = encodeReveal({ type: 'reveal', call, items });
      const decoded = decodeReveal(frame);
      expect(decoded).toEqual({ ok: true, value: { type: 'reveal', call, items } });
      if (decoded.ok) expect(decoded.value.items[0]?.result.buffer).toBe(frame.buffer);
    }),
  );
});

const changed = (offset: number, value: number) => {
  const frame = GOOD.slice();
  frame[offset] = value;
  return frame;
};

test.each([
  ['nothing', new Uint8Array(0)],
  ['another type', changed(0, 2)],
  ['no items', changed(5, 0)],
  ['51 items', changed(5, 51)],
  ['one item more than it holds', changed(5, 2)],
  ['a replica of ten', changed(38, 10)],
  ['a result longer than the frame', changed(43, 1)],
  ['a result that is cut short', GOOD.subarray(0, GOOD.length - 1)],
])('refuses %s', (_, frame) => {
  expect(decodeReveal(frame)).toMatchObject({ ok: false, code: 'message-malformed' });
});

test('skips bytes after the last item: fields are added', () => {
  expect(decodeReveal(Buffer.concat([GOOD, bytes(5)]))).toMatchObject({ ok: true });
});

test('answers any bytes with a value', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (frame) => {
      frame[0] = 1;
      return typeof decodeReveal(frame).ok === 'boolean';
    }),
  );
});

test('no frame is made of a task id of another shape', () => {
  for (const task of ['x', `${TASK}-a`, `${TASK}-10`])
    expect(() =>
      encodeReveal({ type: 'reveal', call: 1, items: [{ task, lease: 1, result: bytes(1) }] }),
    ).toThrow(RangeError);
});
