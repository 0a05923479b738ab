import type { BrowserBenchReport } from './bench-browser.ts';

/** Goals of the first choice: round trip over the bad link, added delay on loopback, remainder through the resampler. */
export const BROWSER_GOALS = { lossyRoundTripMsP99: 27, transportMsP50: 1, toneDb: -90 } as const;

/** The report for people, each figure beside its goal where it has one. */
export function browserTable(report: BrowserBenchReport): string {
  const lines = [`Chromium ${report.chromium}, its processes and ours scheduled: ${report.scheduling}`];
  for (const row of report.roundTrips) {
    const place = `${row.path.padEnd(13)} ${row.link.padEnd(20)}`;
    if ('absent' in row) {
      lines.push(`${place} absent: ${row.absent}`);
      continue;
    }
    const { p50, p99, p999 } = row.roundTripMs;
    const goal =
      row.path === 'webtransport' && row.link === 'delay10jitter2loss1'
        ? `  goal p99 ≤ ${BROWSER_GOALS.lossyRoundTripMsP99}`
        : '';
    lines.push(
      `${place} ${row.returned}/${row.sent} back, round trip ms p50 ${p50} p99 ${p99} p99.9 ${p999}${goal}`,
    );
  }
  const { pair, tone, soak } = report;
  if (pair !== null) {
    lines.push(
      `two pages over ${pair.path}: ${pair.exact.longestFrames} frames in a row exact of ${pair.exact.heardFrames} heard; lost ${pair.lostPercent.toFixed(3)} %`,
      `worker to worker ms p50 ${pair.transportMs.p50} p99 ${pair.transportMs.p99}  goal p50 ≤ ${BROWSER_GOALS.transportMsP50}`,
    );
  }
  if (tone !== null)
    lines.push(
      `through the resampler: remainder ${tone.medianDb.toFixed(1)} dB median, ${tone.bestDb.toFixed(1)} dB best  goal ≤ ${BROWSER_GOALS.toneDb}`,
    );
  if (soak !== null)
    lines.push(
      `${soak.minutes} min: memory ${soak.memoryBytes.first} → ${soak.memoryBytes.last} B, ring ${soak.ringMs.first} → ${soak.ringMs.last} ms, delay ${soak.delayMs.first} → ${soak.delayMs.last} ms: ${soak.isWithin ? 'within its bounds' : 'GROWING'}`,
    );
  return lines.join('\n');
}
