import type { Heard, Stroke } from './drum-room.ts';

/** A stroke heard further from its time than this is no longer that stroke: half a sixteenth at 120 beats a minute. */
const SAME_US = 62_500;
/** Within this a stroke is in time: what drummers themselves are off the grid by, on the mean (GMD, 21 to 23 ms). */
const IN_TIME_US = 20_000;

export interface StrokeFigures {
  readonly strokes: number;
  /** Heard within 20 ms of their time, and within half a sixteenth. */
  readonly inTime: number;
  readonly heard: number;
  /** Heard where nothing was played. */
  readonly extra: number;
  /** Σ distance from their time of those heard, µs. */
  readonly errorUs: number;
}

/** What was heard against what was played, from `fromUs` to `untilUs`: as late as notes are on the median, each once. */
export function strokeFigures(
  played: readonly Stroke[],
  heard: Heard['strokes'],
  fromUs: number,
  untilUs: number,
): StrokeFigures {
  const delayUs = medianDelayUs(played, heard);
  const left = heard.map(({ pitch, atUs }) => ({ pitch, atUs: atUs - delayUs, isTaken: false }));
  const figures = { strokes: 0, inTime: 0, heard: 0, extra: 0, errorUs: 0 };
  for (const { pitch, atUs } of played) {
    const near = left.filter(
      (each) => !each.isTaken && each.pitch === pitch && Math.abs(each.atUs - atUs) <= SAME_US,
    );
    const found = near.sort((a, b) => Math.abs(a.atUs - atUs) - Math.abs(b.atUs - atUs))[0];
    if (found !== undefined) found.isTaken = true;
    if (atUs < fromUs || atUs >= untilUs) continue;
    figures.strokes++;
    if (found === undefined) continue;
    const errorUs = Math.abs(found.atUs - atUs);
    figures.heard++;
    figures.errorUs += errorUs;
    if (errorUs <= IN_TIME_US) figures.inTime++;
  }
  figures.extra = left.filter(({ isTaken, atUs }) => !isTaken && atUs >= fromUs && atUs < untilUs).length;
  return figures;
}

/** From a stroke to the first of its pitch that is heard from then on, the median of all. */
function medianDelayUs(played: readonly Stroke[], heard: Heard['strokes']): number {
  const byPitch = new Map<number, number[]>();
  for (const { pitch, atUs } of heard) byPitch.set(pitch, [...(byPitch.get(pitch) ?? []), atUs]);
  const delays = played.flatMap(({ pitch, atUs }) => {
    const next = byPitch.get(pitch)?.find((time) => time >= atUs);
    return next === undefined || next - atUs > SAME_US ? [] : [next - atUs];
  });
  return delays.sort((a, b) => a - b)[delays.length >> 1] ?? 0;
}

export interface ClickFigures {
  /** Beats near which something was played and a click sounded. */
  readonly beats: number;
  /** Σ |mean of the strokes near a beat − click|, and − the announced beat, µs. */
  readonly clickUs: number;
  readonly announcedUs: number;
}

/** How far the clicks are from the band: strokes within half a sixteenth of an announced beat, from the second beat on. */
export function clickFigures(
  played: readonly Stroke[],
  clicksUs: readonly number[],
  beatUs: number,
): ClickFigures {
  const sums = { beats: 0, clickUs: 0, announcedUs: 0 };
  const last = played.at(-1)?.atUs ?? 0;
  let from = 0;
  let click = 0;
  for (let beat = 1; beat * beatUs <= last; beat++) {
    const at = beat * beatUs;
    while ((played[from]?.atUs ?? at) < at - beatUs / 8) from++;
    let [sum, count] = [0, 0];
    for (let i = from; (played[i]?.atUs ?? Number.POSITIVE_INFINITY) <= at + beatUs / 8; i++) {
      sum += played[i]?.atUs ?? 0;
      count++;
    }
    const away = (index: number) => Math.abs((clicksUs[index] ?? Number.POSITIVE_INFINITY) - at);
    while (away(click + 1) < away(click)) click++;
    const clickUs = clicksUs[click];
    if (count === 0 || clickUs === undefined) continue;
    sums.beats++;
    sums.clickUs += Math.abs(sum / count - clickUs);
    sums.announcedUs += Math.abs(sum / count - at);
  }
  return sums;
}
