/** What a host forecasts and commits by, and nothing else of this package. */
export { commitment } from './commitment.ts';
export { encodeForecast } from './forecast.ts';
export type { Forecaster } from './forecaster.ts';
export { house1 } from './house.ts';
export { HOUSE_PRIORS } from './house-priors.ts';
export { house2 } from './house2.ts';
export { decodeModel, type GrooveModel } from './model/model-file.ts';
export { modelForecaster } from './model/model-forecaster.ts';
