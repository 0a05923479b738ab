import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { NoteDelay } from './note-delay.ts';

test('most notes come before their time is over, and it is not much longer than they need', () => {
  const chance = seededChance('ways');
  const delay = new NoteDelay();
  let late = 0;
  for (let i = 0; i < 4000; i++) {
    const wayUs = 8_000 + 6_000 * chance.unit();
    if (i >= 1000 && wayUs > delay.delayUs) late++;
    delay.observe(wayUs);
  }
  expect(late / 3000).toBeLessThan(0.08);
  expect(delay.delayUs).toBeLessThan(16_000);
});

test('who joins late, and first gets a note that is old, hears the others after a few notes as who was there', () => {
  const delay = new NoteDelay();
  delay.observe(400_000);
  for (let i = 0; i < 12; i++) delay.observe(9_000);
  expect(delay.delayUs).toBeLessThan(35_000);
  for (let i = 0; i < 400; i++) delay.observe(9_000);
  expect(delay.delayUs).toBeLessThan(12_000);
});

test('a note that was held up for long, or seems to come before it was played, does not spoil the delay', () => {
  const delay = new NoteDelay();
  expect(delay.delayUs).toBe(0);
  delay.observe(10_000);
  delay.observe(60_000_000);
  expect(delay.delayUs).toBe(11_000);
  delay.observe(-5_000);
  expect(delay.delayUs).toBe(10_950);
  const first = new NoteDelay();
  first.observe(60_000_000);
  expect(first.delayUs).toBe(150_000);
});
