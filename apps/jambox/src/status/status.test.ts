import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RoomWatch, type WatchedFigures } from './room-watch.ts';
import { isLit, StatusLed } from './status-led.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-led-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Link = WatchedFigures['heard'][number];

function metrics(phase: string, link: Partial<Link> = {}, cardStumbles = 0): WatchedFigures {
  return { phase, cardStumbles, heard: [{ packets: 0, concealed: 0, forged: 0, ...link }] };
}

test('a watch says joining, then playing, and trouble for two seconds when more than one packet in a hundred is made up', () => {
  const watch = new RoomWatch();
  expect(watch.look(metrics('joining'))).toBe('joining');
  expect(watch.look(metrics('playing', { packets: 100, concealed: 1 }))).toBe('playing');
  expect(watch.look(metrics('playing', { packets: 200, concealed: 3 }))).toBe('trouble');
  const after = Array.from({ length: 8 }, (_, i) =>
    watch.look(metrics('playing', { packets: 300 + i, concealed: 3 })),
  );
  expect(after).toEqual([...new Array(7).fill('trouble'), 'playing']);
});

test.each([
  ['forged datagrams', metrics('playing', { forged: 1 })],
  ['a card that ran dry', metrics('playing', {}, 1)],
  ['a room that is lost', metrics('joining')],
])('%s are trouble', (_, next) => {
  const watch = new RoomWatch();
  watch.look(metrics('playing'));
  expect(watch.look(next)).toBe('trouble');
});

test('the LED shines while playing, blinks slowly while joining and fast in trouble, and is dark in the end', () => {
  writeFileSync(join(directory, 'max_brightness'), '255\n');
  writeFileSync(join(directory, 'brightness'), '');
  const brightness = (): string => readFileSync(join(directory, 'brightness'), 'utf8');
  const led = new StatusLed(directory);
  led.show('playing', 0);
  expect(brightness()).toBe('255');
  led.show('joining', 1200);
  expect(brightness()).toBe('0');
  led.show('trouble', 500);
  expect(brightness()).toBe('255');
  led.off();
  expect(brightness()).toBe('0');
  const flips = (state: 'joining' | 'trouble'): number =>
    [...Array(16).keys()].filter((i) => isLit(state, i * 250) !== isLit(state, (i + 1) * 250)).length;
  expect(flips('joining')).toBe(4);
  expect(flips('trouble')).toBe(16);
});

test('a directory that is no LED is refused with a word on what to name', () => {
  expect(() => new StatusLed(join(directory, 'nothing'))).toThrow(/\/sys\/class\/leds/);
});
