import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RawMidiOut } from './raw-midi-out.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-midi-out-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('messages are written as they come, byte for byte', () => {
  const port = join(root, 'port');
  writeFileSync(port, '');
  const out = new RawMidiOut(port);
  out.send(Uint8Array.of(0x90, 60, 100));
  out.send(Uint8Array.of(0x80, 60, 0));
  out.close();
  expect([...readFileSync(port)]).toEqual([0x90, 60, 100, 0x80, 60, 0]);
  expect(out.dropped).toBe(0);
});

test('a port that is not there is refused and not made', () => {
  const port = join(root, 'midiC1D0');
  expect(() => new RawMidiOut(port)).toThrow(expect.objectContaining({ code: 'midi-port-unknown' }));
  expect(existsSync(port)).toBe(false);
});

test('messages that the port does not take are counted, and nothing is thrown', () => {
  const port = join(root, 'closed');
  writeFileSync(port, '');
  const out = new RawMidiOut(port);
  out.close();
  out.send(Uint8Array.of(0xf8));
  expect(out.dropped).toBe(1);
});
