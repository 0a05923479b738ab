import { expect, test } from 'vitest';
import { Departure } from './departure.ts';

test('it stays 0.4 s after everything was heard', () => {
  const departure = new Departure();
  expect(departure.isDue(1_000_000, true)).toBe(false);
  expect(departure.isDue(1_400_000, true)).toBe(false);
  expect(departure.isDue(1_400_001, true)).toBe(true);
});

test('sound that begins meanwhile begins the wait anew', () => {
  const departure = new Departure();
  departure.isDue(1_000_000, true);
  departure.isDue(1_200_000, false);
  departure.isDue(1_300_000, true);
  expect(departure.isDue(1_600_000, true)).toBe(false);
  expect(departure.isDue(1_700_001, true)).toBe(true);
});

test('asked to stop it goes after 0.2 s, whatever still sounds, and asking again changes nothing', () => {
  const departure = new Departure();
  departure.askStop(1_000_000);
  departure.askStop(1_150_000);
  expect(departure.isDue(1_200_000, false)).toBe(false);
  expect(departure.isDue(1_200_001, false)).toBe(true);
});
