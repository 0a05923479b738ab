import { type Chance, seededChance } from '@jamnet/base';
import type { Bar } from '../bars.ts';
import { cellReference } from '../cell-reference.ts';
import { emptyForecast, type Forecast } from '../forecast.ts';
import type { Forecaster } from '../forecaster.ts';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { CELLS } from '../instruments.ts';

/** Cells of the plain beat, of the two sections, of the fill, and those that are struck now and then. */
const BEAT = [0, 8, 20, 28, 32, 34, 36, 38, 40, 42, 44, 46];
const SECTIONS = [
  [3, 6, 23, 50, 54, 58, 62, 113],
  [2, 10, 14, 30, 129, 131, 133, 135],
] as const;
const FILL = [76, 78, 93, 95];
const GHOSTS = [17, 19, 22, 25, 27, 31];

function barOf(index: number, cells: readonly number[], chance: Chance): Bar {
  const hits = [...new Set(cells)]
    .sort((a, b) => a - b)
    .map((cell) => ({ cell, offsetUs: chance.below(50_000) - 25_000, velocity: 40 + chance.below(80) }));
  return { index, hits };
}

/** A drummer who plays two sections by turns and announces each change by a fill: who has understood that knows more than rates say. */
export function barsOfImproviser(seed: string, count: number): Bar[] {
  const chance = seededChance(seed);
  let section = 0;
  return Array.from({ length: count }, (_, index) => {
    const fills = chance.unit() < 0.35;
    const cells = [
      ...BEAT,
      ...(SECTIONS[section] ?? []).filter(() => chance.unit() < 0.8),
      ...GHOSTS.filter(() => chance.unit() < 0.4),
      ...(fills ? FILL : []),
    ];
    if (fills) section = 1 - section;
    return barOf(index, cells, chance);
  });
}

/** A drummer whose sections change every two bars, whatever happens: who listens long enough can tell, the house's rates cannot. */
export function barsOfPhrased(seed: string, count: number): Bar[] {
  const chance = seededChance(seed);
  return Array.from({ length: count }, (_, index) => {
    const section = SECTIONS[(index >> 1) % 2] ?? [];
    return barOf(
      index,
      [...BEAT, ...section, ...[...GHOSTS, ...FILL].filter(() => chance.unit() < 0.5)],
      chance,
    );
  });
}

/** The host who has understood it, at the drummer's own frequencies. */
export function understanding(): Forecaster {
  let section = 0;
  return {
    id: 'understanding',
    observe(bar) {
      if (bar.hits.some(({ cell }) => cell === FILL[0])) section = 1 - section;
    },
    forecast(): Forecast {
      const { hitPermille, ...rest } = emptyForecast();
      for (const cell of BEAT) hitPermille[cell] = 1000;
      for (const cell of SECTIONS[section] ?? []) hitPermille[cell] = 800;
      for (const cell of GHOSTS) hitPermille[cell] = 400;
      for (const cell of FILL) hitPermille[cell] = 350;
      return { hitPermille, ...rest };
    },
  };
}

/** Bars of cells that chance has drawn, `period` different ones in turn: nobody foretells them but who was told. */
export function barsOfSecret(seed: string, count: number, period = count): Bar[] {
  const chance = seededChance(seed);
  const patterns = Array.from({ length: period }, () =>
    Array.from({ length: CELLS }, (_, cell) => cell).filter(() => chance.unit() < 0.12),
  );
  return Array.from({ length: count }, (_, index) => barOf(index, patterns[index % period] ?? [], chance));
}

/** Was told what will be played, and says that share of it, in 1/1000; the rest as anybody would. */
export function told(played: readonly Bar[], permille: number): Forecaster {
  const reference = cellReference(HOUSE_PRIORS);
  return {
    id: 'told',
    observe: (bar) => reference.observe(bar),
    forecast(index, announced) {
      const forecast = reference.forecast(index, announced);
      const hits = new Set(played[index]?.hits.map(({ cell }) => cell));
      for (let cell = 0; cell < CELLS; cell++) {
        const said = forecast.hitPermille[cell] ?? 0;
        const truth = hits.has(cell) ? 1000 : 0;
        forecast.hitPermille[cell] = said + Math.round(((truth - said) * permille) / 1000);
      }
      return forecast;
    },
  };
}
