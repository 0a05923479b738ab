import { createHash } from 'node:crypto';
import { Failure, present } from '@jamnet/base';
import {
  type Bar,
  barLineUs,
  barsOf,
  type Grid,
  GrooveRound,
  gridOf,
  HOLD_LIMIT_US,
  HOUSE_PRIORS,
  type Onset,
  type RoundEffect,
  type RoundInput,
  type RoundRecord,
  type RoundRow,
  SETTLEMENT_POLICY,
  settle,
  VOID_CHARGE_PPM,
} from '@jamnet/groove';
import type { GrooveView } from '../live/studio-state.ts';
import type { GrooveLink } from '../mesh/groove-link.ts';
import { runChild } from '../processes/child-program.ts';
import type { OnsetsOptions } from '../samples/onsets-main.ts';
import { readPiece } from '../samples/sample-piece.ts';
import type { EveningContext } from './evening-context.ts';

/** Work of forecasting one performance, in work units, as the catalogue's kind states it. */
const FORECAST_WORK_UNITS = 1n;
/** The session ends with an error when nothing has happened for so long. */
const SILENCE_LIMIT_MS = 20_000;

/** A performance that is over: what a round is played on. */
export interface ArchivedPerformance {
  readonly name: string;
  readonly grid: Grid;
  readonly bars: readonly Bar[];
}

/** The archived drums as bars: onsets found in the recording of the backing stem, on the grid of the piece. */
export async function archivedPerformance(context: EveningContext): Promise<ArchivedPerformance> {
  const piece = readPiece(context.samplesDirectory);
  const grid = gridOf(piece);
  if (!grid.ok) throw new Failure(grid.code, grid.message);
  const bars = barsOf(await findOnsets(context), grid.value, piece.bars);
  const name = createHash('sha256')
    .update(`jamnet/performance/v1\0${JSON.stringify(bars)}`)
    .digest('hex')
    .slice(0, 40);
  return { name, grid: grid.value, bars };
}

async function findOnsets(context: EveningContext): Promise<readonly Onset[]> {
  const options: OnsetsOptions = { samples: context.samplesDirectory, role: 'backing' };
  let onsets: readonly Onset[] = [];
  const child = runChild({
    entry: new URL('../samples/onsets-main.ts', import.meta.url),
    options,
    onLine: (line) => {
      // The one line that our own program prints.
      onsets = (line as { onsets: readonly Onset[] }).onsets;
    },
  });
  await child.ended;
  return onsets;
}

/**
 * One node forecasts the archived drums bar by bar: it commits before each bar line, hears the bar only then, and opens
 * its commitment afterwards. Answers one phrase about the outcome; what it earns follows from the settlement's rules.
 */
export async function forecastPerformance(
  context: EveningContext,
  performance: ArchivedPerformance,
  node: string,
  report: (part: number, detail: string) => void,
): Promise<string> {
  const host = { node, ownerGroup: context.members['honest-node'].ownerGroup };
  const round = new GrooveRound({
    performance: performance.name,
    task: 'announced',
    performerGroup: context.members.backing.ownerGroup,
    hosts: [host],
    grid: performance.grid,
    bars: performance.bars,
    priors: HOUSE_PRIORS,
    holdLimitUs: HOLD_LIMIT_US,
    voidChargePpm: VOID_CHARGE_PPM,
  });
  const tally = { done: 0, void: 0 };
  const startedUs = performanceNowUs();
  const record = await driveRound(context, round, node, performance.name, (row) => {
    tally.done++;
    if (row.hosts[0]?.void) tally.void++;
    context.parts.live.update({ groove: grooveView(performance, tally, node) });
    report(tally.done / performance.bars.length, `bar ${tally.done} of ${performance.bars.length} forecast`);
  });
  const playedUs = barLineUs(performance.grid, performance.bars.length) - barLineUs(performance.grid, 0);
  const speedUp = playedUs / (performanceNowUs() - startedUs);
  context.parts.live.updateEvening({
    speedUp: `The two stems are played in real time; the archived drums are forecast ${speedUp.toFixed(0)} times as fast.`,
  });
  const [settled] = settle(SETTLEMENT_POLICY, {
    record,
    workUnits: FORECAST_WORK_UNITS,
    standings: new Map(),
  });
  const outcome = present(settled, 'settlement of the host');
  context.parts.live.update({ groove: grooveView(performance, tally, node, skillsOf(record)) });
  const percent = outcome.skillPpm === null ? 'no' : `${(Number(outcome.skillPpm) / 10_000).toFixed(1)} %`;
  return `${record.rows.length} bars forecast, ${percent} skill over the house${outcome.code === null ? '' : `, unpaid: ${outcome.code}`}`;
}

/** Feeds the round with the node's messages and the clock, and carries out its effects, until it is closed. */
function driveRound(
  context: EveningContext,
  round: GrooveRound,
  node: string,
  performance: string,
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
    link = context.parts.mesh.openGroove({
      node,
      session: `${context.epochId}/${performance}`,
      performance,
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

interface Skills {
  readonly timing: number | null;
  readonly velocity: number | null;
}

/** 1 − loss/house-1 over all bars, in percent. */
function skillsOf(record: RoundRecord): Skills {
  const skill = (of: (score: RoundRecord['rows'][number]['house1']) => number): number | null => {
    const house = record.rows.reduce((sum, row) => sum + of(row.house1), 0);
    const own = record.rows.reduce((sum, row) => sum + (row.hosts[0] ? of(row.hosts[0].score) : 0), 0);
    return house === 0 ? null : Math.round(1000 * (1 - own / house)) / 10;
  };
  return { timing: skill((score) => score.timing), velocity: skill((score) => score.velocity) };
}

function grooveView(
  performance: ArchivedPerformance,
  tally: { readonly done: number; readonly void: number },
  node: string,
  skills?: Skills,
): GrooveView {
  const host = {
    node: node.slice(0, 12),
    // What a node plays unless its owner chose another.
    forecaster: 'house-2',
    committed: tally.done - tally.void,
    late: tally.void,
    timingSkillPercent: skills?.timing ?? null,
    velocitySkillPercent: skills?.velocity ?? null,
  };
  return {
    performance: performance.name,
    bars: performance.bars.length,
    barsDone: tally.done,
    hosts: [host],
  };
}
