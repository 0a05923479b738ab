import { describe, expect, it } from 'vitest';
import { perMille, shortId, stageMetres } from './numbers.ts';

describe('numbers as text', () => {
  it('divides amounts that a Number cannot hold', () => {
    const whole = 3n * 10n ** 30n;
    expect(perMille(10n ** 30n, whole)).toBe(333);
    expect(perMille(whole, whole)).toBe(1000);
    expect(perMille(-1n, whole)).toBe(0);
    expect(perMille(1n, 0n)).toBe(0);
  });

  it('tells a delay as the distance sound covers in it', () => {
    expect(stageMetres(10)).toBeCloseTo(3.43, 2);
  });

  it('shortens only what is long', () => {
    expect(shortId('node-a')).toBe('node-a');
    expect(shortId('0123456789abcdef0123')).toBe('01234567…0123');
  });
});
