import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader } from './frames.ts';

test('frames come out as they went in, however the bytes are cut', () => {
  const frame = fc.record({ job: fc.nat(), body: fc.uint8Array({ maxLength: 200 }) });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (frames, step) => {
      const bytes = Buffer.concat(frames.flatMap(({ job, body }) => encodeFrame({ job }, body)));
      const reader = new FrameReader(() => 200);
      const read = [];
      for (let at = 0; at < bytes.length; at += step)
        read.push(...(reader.push(bytes.subarray(at, at + step)) ?? []));
      expect(read.map(({ head, body }) => ({ ...JSON.parse(head), body: new Uint8Array(body) }))).toEqual(
        frames,
      );
    }),
  );
});

test('any bytes are answered by frames or by an end, and an end is for good', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 300 }), (bytes) => {
      const reader = new FrameReader(() => 100);
      const frames = reader.push(bytes);
      if (frames === null) expect(reader.push(Buffer.concat(encodeFrame({}, new Uint8Array())))).toBe(null);
      else for (const { body } of frames) expect(body.length).toBeLessThanOrEqual(100);
    }),
  );
});

test.each([
  ['a body of one byte too many', 2, 101],
  ['a head of one byte too many', 4097, 0],
  ['no head', 0, 0],
])('%s ends the reading before any of it is stored', (_, head, body) => {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setUint32(0, head, true);
  new DataView(prefix.buffer).setUint32(4, body, true);
  expect(new FrameReader(() => 100).push(prefix)).toBe(null);
});
