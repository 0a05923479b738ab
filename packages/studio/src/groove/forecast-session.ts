import { Failure, present } from '@jamnet/base';
import {
  type Bar,
  barLineUs,
  type Grid,
  GrooveRound,
  HOLD_LIMIT_US,
  HOUSE_PRIORS,
  type RoundEffect,
  type RoundInput,
  type RoundRecord,
  type RoundRow,
  SETTLEMENT_POLICY,
  settle,
  VOID_CHARGE_PPM,
} from '@jamnet/groove';
import type { StudioParts } from '../composition/studio-parts.ts';
import type { GrooveLink } from '../mesh/groove-link.ts';
import { grooveView, skillsOf } from './groove-view.ts';

/** What the shown settlement counts as work, in work units. */
const FORECAST_WORK_UNITS = 1n;
/** The session ends with an error when nothing has happened for so long. */
const SILENCE_LIMIT_MS = 20_000;

/** A performance that is over: what a round is played on. */
export interface ArchivedPerformance {
  readonly name: string;
  readonly grid: Grid;
  readonly bars: readonly Bar[];
}

/** Which node forecasts which performance, and whose both are. */
export interface ForecastSession {
  readonly performance: ArchivedPerformance;
  readonly node: string;
  readonly ownerGroup: string;
  readonly performerGroup: string;
  /** Names this session towards the node. */
  readonly session: string;
}

/**
 * One node forecasts an archived performance bar by bar: it commits before each bar line, hears the bar only then, and opens
 * its commitment afterwards. Answers one phrase about the outcome; it shows what the rules say of it, and pays nothing.
 */
export async function forecastPerformance(
  parts: StudioParts,
  { performance, node, ownerGroup, performerGroup, session }: ForecastSession,
  report: (part: number, detail: string) => void,
): Promise<string> {
  const round = new GrooveRound({
    performance: performance.name,
    task: 'announced',
    performerGroup,
    hosts: [{ node, ownerGroup }],
    grid: performance.grid,
    bars: performance.bars,
    priors: HOUSE_PRIORS,
    holdLimitUs: HOLD_LIMIT_US,
    voidChargePpm: VOID_CHARGE_PPM,
  });
  const tally = { done: 0, void: 0 };
  const startedUs = performanceNowUs();
  const record = await driveRound(parts, round, { node, session, performance: performance.name }, (row) => {
    tally.done++;
    if (row.hosts[0]?.void) tally.void++;
    parts.live.update({ groove: grooveView(performance, tally, node) });
    report(tally.done / performance.bars.length, `bar ${tally.done} of ${performance.bars.length} forecast`);
  });
  const playedUs = barLineUs(performance.grid, performance.bars.length) - barLineUs(performance.grid, 0);
  const speedUp = playedUs / (performanceNowUs() - startedUs);
  parts.live.updateEvening({
    speedUp: `The two stems are played in real time; the archived drums are forecast ${speedUp.toFixed(0)} times as fast.`,
  });
  const [settled] = settle(SETTLEMENT_POLICY, {
    record,
    workUnits: FORECAST_WORK_UNITS,
    standings: new Map(),
  });
  const outcome = present(settled, 'settlement of the host');
  parts.live.update({ groove: grooveView(performance, tally, node, skillsOf(record)) });
  const percent = outcome.skillPpm === null ? 'no' : `${(Number(outcome.skillPpm) / 10_000).toFixed(1)} %`;
  return `${record.rows.length} bars forecast, ${percent} skill over the house${outcome.code === null ? '' : `, unpaid: ${outcome.code}`}`;
}

/** Feeds the round with the node's messages and the clock, and carries out its effects, until it is closed. */
function driveRound(
  parts: StudioParts,
  round: GrooveRound,
  { node, session, performance: name }: { node: string; session: string; performance: string },
  onBar: (row: RoundRow) => void,
): Promise<RoundRecord> {
  return new Promise((resolve, reject) => {
    let link: GrooveLink | null = null;
    let timer: NodeJS.Timeout | undefined;
    const silence = setTimeout(
      () => end(new Failure('groove-silent', 'the forecasting session stands still')),
      SILENCE_LIMIT_MS,
    );
    const end = (failure: Failure): void => {
      clearTimeout(timer);
      clearTimeout(silence);
      reject(failure);
    };
    const carryOut = (effect: RoundEffect): void => {
      if (effect.kind === 'release') for (const bar of effect.bars) link?.release(bar);
      else if (effect.kind === 'ask') link?.ask(effect.bar, effect.announced, BigInt(effect.deadlineUs));
      else if (effect.kind === 'published') onBar(effect.row);
      else {
        link?.close();
        clearTimeout(timer);
        clearTimeout(silence);
        resolve(effect.record);
      }
    };
    const feed = (input: RoundInput): void => {
      silence.refresh();
      // A refusal voids the bar or changes nothing; either way the round itself keeps the account.
      round.apply(performanceNowUs(), input);
      for (let effect = round.drain(); effect !== undefined; effect = round.drain()) carryOut(effect);
      clearTimeout(timer);
      if (round.nextCallUs !== null)
        timer = setTimeout(
          () => feed({ kind: 'advance' }),
          (round.nextCallUs - performanceNowUs()) / 1000 + 1,
        );
    };
    link = parts.mesh.openGroove({
      node,
      session,
      performance: name,
      onCommit: ({ bar, commitment }) => feed({ kind: 'commit', node, bar, commitment }),
      onReveal: ({ bar, forecast, salt }) => feed({ kind: 'reveal', node, bar, forecast, salt }),
      onLost: () => end(new Failure('node-lost', 'the forecasting node went away')),
    });
    feed({ kind: 'open' });
  });
}

/** The studio's own clock for hold limits, µs, never stepping back. */
function performanceNowUs(): number {
  return Math.round(performance.now() * 1000);
}
