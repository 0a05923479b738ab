import { readFileSync } from 'node:fs';
import { type Bar, decodeModel, HOUSE_PRIORS, house2, likelyForecast, modelForecaster } from '@jamnet/groove';
import { afterEach, expect, test, vi } from 'vitest';
import { FORECASTERS_MAX, ForecastThread } from './forecast-thread.ts';

let thread: ForecastThread;
afterEach(() => thread.stop());

/** Kick and hat, the hat late. */
const BARS: Bar[] = [0, 1, 2].map((index) => ({
  index,
  hits: [0, 32, 4, 36, 8, 40, 12, 44].map((cell) => ({
    cell,
    offsetUs: cell < 16 ? -4_000 : 12_000,
    velocity: 90,
  })),
}));

function shipped() {
  const model = decodeModel(
    readFileSync(new URL(import.meta.resolve('@jamnet/groove/models/groove-1.model'))),
  );
  if (!model.ok) throw new Error(model.message);
  return modelForecaster(HOUSE_PRIORS, model.value);
}

test('what the thread foretells is what the released model does; until it has, house-2 foretells', async () => {
  thread = new ForecastThread();
  const forecaster = thread.newForecaster();
  const [house, model] = [house2(HOUSE_PRIORS), shipped()];
  for (const bar of BARS) for (const each of [forecaster, house, model]) each.observe(bar);
  expect(likelyForecast(forecaster, 3)).toEqual(likelyForecast(house, 3));
  await vi.waitFor(() => expect(forecaster.revision).toBe(BARS.length), { timeout: 20_000 });
  const [after, wanted] = [likelyForecast(forecaster, 3), likelyForecast(model, 3)];
  expect(after).toEqual(wanted);
  expect(after.offsetTenthMs).not.toEqual(likelyForecast(house, 3).offsetTenthMs);
}, 30_000);

test('of more forecasters than a room has players the oldest gets no answers any more, the newest does', async () => {
  thread = new ForecastThread();
  const all = Array.from({ length: FORECASTERS_MAX + 1 }, () => thread.newForecaster());
  const [oldest, newest] = [all[0], all.at(-1)];
  for (const bar of BARS) for (const each of [oldest, newest]) each?.observe(bar);
  await vi.waitFor(() => expect(newest?.revision).toBe(BARS.length), { timeout: 20_000 });
  expect(oldest?.revision).toBe(0);
}, 30_000);
