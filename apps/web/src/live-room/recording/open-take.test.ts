import { expect, test } from 'vitest';
import { closeCutOff, OpenTake, readTake } from './open-take.ts';
import { MemoryFile } from './testing/memory-file.ts';
import { smallTake } from './testing/small-take.ts';

function whole(): MemoryFile {
  const { file, take } = smallTake();
  take.finish();
  return file;
}

test('a recording that was cut off anywhere behind its header is closed with all whole lines it had', () => {
  const text = whole().bytes;
  const header = text.indexOf(10) + 1;
  for (let bytes = header; bytes < text.length; bytes += 7) {
    const cut = new MemoryFile(text.subarray(0, bytes));
    const lines = cut.bytes.filter((byte) => byte === 10).length;
    expect(closeCutOff(cut).ok).toBe(true);
    let records = 0;
    const read = readTake(cut, { sound: true }, () => records++);
    expect(read).toMatchObject({
      ok: true,
      value: { wholeBytes: cut.bytes.length, state: { isEnded: true } },
    });
    // The header is no record; the last line is.
    expect(records).toBe(lines);
  }
});

test('a whole recording stays as it is, and one without a line is none', () => {
  const file = whole();
  const before = file.bytes;
  expect(closeCutOff(file).ok).toBe(true);
  expect(file.bytes).toEqual(before);
  expect(closeCutOff(new MemoryFile())).toMatchObject({ code: 'take-empty' });
});

test('what was flushed is in the file before the take is finished', () => {
  const { file, take } = smallTake();
  expect(file.bytes.length).toBe(0);
  take.flush();
  expect(readTake(file, { sound: true })).toMatchObject({
    value: { state: { toSample: 80, isEnded: false } },
  });
});

test('a storage that is full is told, and what was written is still a take', () => {
  const text = whole().bytes;
  const file = new MemoryFile(new Uint8Array(0), text.length - 1);
  const header = { jdat: 2, room: 'r', recorder: 'Ada', sampleRateHz: 48_000, startedAtUs: 0n } as const;
  const take = OpenTake.create(file, header);
  take.flush();
  const consent = { record: true, train: false, strangers: false };
  const stream = {
    player: 'Ada',
    from: 'Ada',
    role: 'sent',
    bits: 16,
    packetFrames: 1,
    firstSample: 0,
  } as const;
  const track = take.writer.track({ ...stream, consent });
  const noise = Int32Array.from({ length: 8192 }, (_, i) => ((i * 7919) % 65_536) - 32_768);
  expect(() => {
    for (let at = 0; at < 20; at++) take.writer.sound('audio', track, at * 8192, noise);
    take.flush();
  }).toThrow(DOMException);
  expect(closeCutOff(file)).toMatchObject({ ok: true });
});
