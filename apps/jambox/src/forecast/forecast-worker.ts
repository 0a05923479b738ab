import { readFileSync } from 'node:fs';
import { type MessagePort, parentPort } from 'node:worker_threads';
import {
  type Bar,
  decodeModel,
  type ForetoldBar,
  HOUSE_PRIORS,
  likelyForecast,
  modelForecaster,
} from '@jamnet/groove';

/** The thread in which the released model foretells: a port for each forecaster, a bar in, the next one out. */

const model = decodeModel(readFileSync(new URL(import.meta.resolve('@jamnet/groove/models/groove-1.model'))));
if (!model.ok) throw new Error(model.message);
const { value } = model;

parentPort?.on('message', (port: MessagePort) => {
  const forecaster = modelForecaster(HOUSE_PRIORS, value);
  port.on('message', (bar: Bar) => {
    forecaster.observe(bar);
    const barIndex = bar.index + 1;
    port.postMessage({ barIndex, forecast: likelyForecast(forecaster, barIndex) } satisfies ForetoldBar);
  });
});
