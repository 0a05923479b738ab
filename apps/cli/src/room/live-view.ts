import type { LiveMetrics } from '@jamnet/jambox';

/** The part of a terminal that the view needs. */
export interface ViewOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The room as it is now: a line for us and one for each player, redrawn in place. A log or a pipe gets a line whenever the phase changes. */
export class LiveView {
  readonly #output: ViewOutput;
  #isBeatMissed: boolean;
  #lines = 0;
  #phase = '';

  /** `isBeatNeeded`: what was asked for has no time until the room has a beat, which this player does not bring. */
  constructor(output: ViewOutput, isBeatNeeded = false) {
    this.#output = output;
    this.#isBeatMissed = isBeatNeeded;
  }

  show(metrics: LiveMetrics): void {
    if (!this.#output.isTTY) {
      this.#tellPhase(metrics.phase);
      if (this.#isBeatMissed && isWithoutBeat(metrics)) {
        this.#isBeatMissed = false;
        this.#output.write(`${NO_BEAT}\n`);
      }
      return;
    }
    const width = (this.#output.columns ?? 100) - 1;
    const lines = [this.#roomLine(metrics), ...metrics.heard.map(playerLine)];
    const up = this.#lines > 1 ? `\u001b[${this.#lines - 1}A` : '';
    // What is below belongs to players who have left.
    const text = lines.map((line) => `\r\u001b[2K${line.slice(0, width)}`).join('\n');
    this.#output.write(`${this.#lines > 0 ? `\r${up}` : ''}${text}\u001b[J`);
    this.#lines = lines.length;
  }

  #roomLine(metrics: LiveMetrics): string {
    return this.#isBeatMissed && isWithoutBeat(metrics)
      ? `${NO_BEAT}  ·  ${roomLine(metrics)}`
      : roomLine(metrics);
  }

  #tellPhase(phase: LiveMetrics['phase']): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#output.write(`${phaseText(phase)}\n`);
  }

  /** Leaves what was shown last, and the cursor below it. */
  end(): void {
    if (this.#lines > 0) this.#output.write('\n');
    this.#lines = 0;
  }
}

/** Somebody may be about to set it: only a room that went on so long without is said to have none. */
const BEAT_AWAITED_SECONDS = 3;
const NO_BEAT =
  'The room has no beat: clicks and drums by forecast wait for one. Set it in the room’s page, or join with --tempo 120';

function isWithoutBeat({ phase, atSeconds, position }: LiveMetrics): boolean {
  return phase === 'playing' && atSeconds >= BEAT_AWAITED_SECONDS && position === null;
}

function roomLine(metrics: LiveMetrics): string {
  const { phase, atSeconds, position, band, redundancy, clockErrorMs, cardStumbles } = metrics;
  return [
    phase === 'seated' ? phaseText(phase) : `${phase} ${atSeconds.toFixed(0)} s`,
    ...(position === null ? [] : [positionText(position)]),
    ...(band === null ? [] : [bandText(band)]),
    `sending ${redundancy.plan === 'none' ? 'no copies' : redundancy.plan} (${redundancy.bandwidthRatio.toFixed(1)}×)`,
    `clock ±${clockErrorMs.toFixed(1)} ms`,
    ...(cardStumbles > 0 ? [`CARD STUMBLED ${cardStumbles}`] : []),
  ].join('  ·  ');
}

function positionText({ bar, beat, beatsPerBar, tempoBpm }: NonNullable<LiveMetrics['position']>): string {
  return `bar ${bar + 1} beat ${Math.floor(beat) + 1} of ${beatsPerBar}, ${Math.round(tempoBpm * 10) / 10} a minute`;
}

function bandText({ isLed, offsetMs, tempoBpm }: NonNullable<LiveMetrics['band']>): string {
  if (!isLed) return 'click on the beat: nobody plays on it';
  const sign = offsetMs < 0 ? '' : '+';
  return `click with the band (${sign}${offsetMs.toFixed(0)} ms, ${tempoBpm.toFixed(1)} a minute)`;
}

function phaseText(phase: LiveMetrics['phase']): string {
  return phase === 'seated' ? 'seated, waiting for the others' : phase;
}

function playerLine(link: LiveMetrics['heard'][number]): string {
  const { from, delayMsP50, bufferMs, lost, recovered, concealed, late, driftPpm, forged, foretold } = link;
  return [
    `${from}: ${wayText(link)}`,
    `delay ${delayMsP50.toFixed(1)} ms (buffer ${bufferMs.toFixed(1)})`,
    `lost ${lost} = ${recovered} recovered + ${concealed} concealed, ${late} late`,
    ...(driftPpm === 0 ? [] : [`drift ${driftPpm > 0 ? '+' : ''}${driftPpm.toFixed(0)} ppm`]),
    ...(foretold > 0 ? [`${foretold} drum hits foretold`] : []),
    ...(forged > 0 ? [`FORGED ${forged}: somebody sends in this player's name`] : []),
  ].join('  ·  ');
}

function wayText({ path, directTripMs, relayTripMs }: LiveMetrics['heard'][number]): string {
  const tripMs = path === 'direct' ? directTripMs : relayTripMs;
  return tripMs === null ? path : `${path}, round trip ${tripMs.toFixed(1)} ms`;
}
