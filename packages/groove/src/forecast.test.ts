import { concatBytes, toHex } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitment } from './commitment.ts';
import { decodeForecast, emptyForecast, encodeForecast, FORECAST_BYTES } from './forecast.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { CELLS } from './instruments.ts';
import { barsOfDrummer } from './testing/drummer.ts';

describe('canonical forecasts', () => {
  test('what is encoded is decoded to the same forecast', () => {
    const house = house1(HOUSE_PRIORS);
    for (const bar of barsOfDrummer('a', 8)) house.observe(bar);
    const forecast = house.forecast(8, null);
    expect(decodeForecast(encodeForecast(forecast))).toEqual({ ok: true, value: forecast });
  });

  test('any bytes get an answer, and what decodes encodes to the same bytes', () => {
    const bytes = fc.uint8Array({ minLength: FORECAST_BYTES, maxLength: FORECAST_BYTES });
    fc.assert(
      fc.property(fc.oneof(bytes, fc.uint8Array({ maxLength: 64 })), (input) => {
        const decoded = decodeForecast(input);
        if (decoded.ok) expect(encodeForecast(decoded.value)).toEqual(input);
      }),
    );
  });

  const broken = (change: (forecast: ReturnType<typeof emptyForecast>) => void) => {
    const forecast = emptyForecast();
    change(forecast);
    return encodeForecast(forecast);
  };
  const good = encodeForecast(emptyForecast());
  test.each([
    ['one byte too few', good.subarray(1), 'length'],
    ['one byte too many', concatBytes(good, Uint8Array.of(0)), 'length'],
    ['an unknown version', Uint8Array.from(good, (byte, index) => (index === 0 ? 2 : byte)), 'version'],
    ['a probability over 1', broken((f) => f.hitPermille.set([1001], 5)), 'probability'],
    ['an offset beyond 400 ms', broken((f) => f.offsetTenthMs.set([4001], 8)), 'offset'],
    ['offset deciles that fall', broken((f) => f.offsetTenthMs.set([5, 4], 3)), 'offset'],
    ['a velocity of 0', broken((f) => f.velocity.set([0], 0)), 'velocity'],
    ['a velocity of 128', broken((f) => f.velocity.set([128], CELLS * 9 - 1)), 'velocity'],
    ['velocity deciles that fall', broken((f) => f.velocity.set([90], 0)), 'velocity'],
  ])('%s is refused', (_case, bytes, code) => {
    expect(decodeForecast(bytes)).toMatchObject({ ok: false, code });
  });
});

describe('commitments', () => {
  const base = {
    forecast: Uint8Array.of(1, 2),
    salt: new Uint8Array(32),
    node: 'n',
    performance: 'p',
    bar: 3,
  };

  test('the vector', () => {
    // Made by Python's hashlib over the same fields, each behind its length as struct '>I'.
    expect(toHex(commitment(base))).toBe('f943240dc6ecafabd79f480685e7a630a4e456775887a0d79d008febac0fcd38');
  });

  test.each([
    ['forecast', { forecast: Uint8Array.of(1, 3) }],
    ['salt', { salt: new Uint8Array(32).fill(1) }],
    ['node', { node: 'm' }],
    ['performance', { performance: 'q' }],
    ['bar', { bar: 4 }],
    ['the border between node and performance', { node: 'np', performance: '' }],
    [
      'the border between forecast and salt',
      { forecast: Uint8Array.of(1), salt: concatBytes(Uint8Array.of(2), base.salt) },
    ],
  ])('another %s is another commitment', (_what, change) => {
    expect(commitment({ ...base, ...change })).not.toEqual(commitment(base));
  });
});
