import type { MidiEvent } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { MidiSource, PER_PERIOD_MAX } from './midi-source.ts';

const PERIOD = 128;

test('a file that begins with a thousand settings gives them out in bounded portions, in order, and loses none', () => {
  const settings = Array.from({ length: 1000 }, (_, i) => ({
    atSample: 0,
    message: Uint8Array.of(0xb0, i % 120, i % 128),
  }));
  const source = new MidiSource(settings);
  const sent: MidiEvent[] = [];
  for (let period = 1; !source.isSilent; period++) {
    const before = sent.length;
    source.play(period * PERIOD, (event) => sent.push(event));
    expect(sent.length - before).toBe(Math.min(PER_PERIOD_MAX, settings.length - before));
  }
  expect(sent).toEqual(settings);
});

test('who stops ends the notes that sound and no others', () => {
  const on = (atSample: number, note: number): MidiEvent => ({
    atSample,
    message: Uint8Array.of(0x93, note, 90),
  });
  const source = new MidiSource([
    on(0, 60),
    on(1, 61),
    { atSample: 2, message: Uint8Array.of(0x83, 60, 0) },
    on(900, 62),
  ]);
  const sent: string[] = [];
  const send = ({ message }: MidiEvent): void => void sent.push(Buffer.from(message).toString('hex'));
  source.play(PERIOD, send);
  source.stop(PERIOD, send);
  expect(sent).toEqual(['933c5a', '933d5a', '833c00', '833d00']);
  expect(source.isSilent).toBe(true);
});
