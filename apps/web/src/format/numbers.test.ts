import { describe, expect, it } from 'vitest';
import { groupThousands, perMille, shortId, stageMetres } from './numbers.ts';

describe('numbers as text', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1234567', '-1,234,567'],
    ['1234.56789', '1,234.56789'],
    ['123456789012345678901234567890', '123,456,789,012,345,678,901,234,567,890'],
  ])('groups %s as %s', (plain, grouped) => {
    expect(groupThousands(plain)).toBe(grouped);
  });

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
