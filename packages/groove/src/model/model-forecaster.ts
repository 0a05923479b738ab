import type { Bar } from '../bars.ts';
import { DECILES, type Forecast } from '../forecast.ts';
import type { Forecaster, StrokeForecaster } from '../forecaster.ts';
import { house2 } from '../house2.ts';
import type { Priors } from '../priors.ts';
import { Ensemble } from './ensemble.ts';
import type { GrooveModel } from './model-file.ts';
import { PlayingHistory } from './playing-history.ts';
import { scoreBarOf } from './score-bar.ts';

/**
 * The trained forecaster, bar by bar. It foretells the announced cells by its networks; all other cells, and whole bars
 * without an announced score, are `house-2`'s.
 */
export function modelForecaster(priors: Priors, model: GrooveModel): Forecaster {
  const [history, ensemble] = [new PlayingHistory(priors), new Ensemble(model.bar, priors)];
  const house = house2(priors);
  return {
    id: model.id,
    observe(bar) {
      house.observe(bar);
      learnBar(history, bar);
    },
    forecast(barIndex, announced): Forecast {
      const forecast = house.forecast(barIndex, announced);
      if (announced === null) return forecast;
      const score = scoreBarOf(announced);
      for (const cell of announced)
        ensemble.write(
          history,
          { bar: score, barIndex, cell },
          forecast.offsetTenthMs,
          forecast.velocity,
          cell * DECILES,
        );
      return forecast;
    },
  };
}

/** The trained forecaster one sixteenth ahead: it knows all strokes of earlier sixteenths, those of the same bar too. */
export function strokeForecaster(priors: Priors, model: GrooveModel): StrokeForecaster {
  const [history, ensemble] = [new PlayingHistory(priors), new Ensemble(model.hit, priors)];
  return {
    id: model.id,
    learn(bar, announced, hits) {
      const score = scoreBarOf(announced);
      for (const hit of hits) history.learn(score, bar, hit);
    },
    endBar(announced) {
      endBar(history, announced);
    },
    forecast(bar, announced, cell, offset, velocity) {
      ensemble.write(history, { bar: scoreBarOf(announced), barIndex: bar, cell }, offset, velocity, 0);
    },
  };
}

/** Bars before the first stroke are not counted: nobody was playing yet. */
function learnBar(history: PlayingHistory, bar: Bar): void {
  if (history.learnt === 0 && bar.hits.length === 0) return;
  const cells = bar.hits.map(({ cell }) => cell);
  const score = scoreBarOf(cells);
  for (const hit of bar.hits) history.learn(score, bar.index, hit);
  endBar(history, cells);
}

function endBar(history: PlayingHistory, cells: readonly number[]): void {
  history.lastBar = scoreBarOf(cells);
  history.beginBar();
}
