/**
 * Scores `take.repair` as JAMNodes are given it: 16 bit, in excerpts of at most 2 s. `jamnet bench pnbtr --methods repair`
 * mends whole files instead, as a trusted machine may. Figures of each packet length and processor time on standard output.
 *
 *   node scripts/concealment/score-excerpts.ts DATA [TRACE] [PACKET,PACKET…]
 */
import { readFileSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { decodeWav } from '../../packages/jdat/src/index.ts';
import { scoreFile, summarise } from '../../packages/pnbtr/src/bench/score.ts';
import { parseTrace, type RepairSpan, repairSpans } from '../../packages/pnbtr/src/index.ts';
import { repairExcerpts } from '../../packages/studio/src/takes/repair-excerpts.ts';

const [data = '', trace = 'iso5', packets = '128,256,512'] = process.argv.slice(2);
if (data === '') {
  process.stderr.write('usage: score-excerpts.ts DATA [TRACE] [PACKET,PACKET…]\n');
  process.exit(2);
}

function spansOf(lost: Uint8Array, packetFrames: number, length: number): RepairSpan[] {
  const spans: RepairSpan[] = [];
  for (let p = 0; (p + 1) * packetFrames <= length; p++) {
    if (lost[p] !== 1) continue;
    const last = spans.at(-1);
    const atSample = p * packetFrames;
    if (last && last.atSample + last.frames === atSample)
      spans[spans.length - 1] = { atSample: last.atSample, frames: last.frames + packetFrames };
    else spans.push({ atSample, frames: packetFrames });
  }
  return spans;
}

/** As the task carries it: the take in 16 bit, each excerpt on its own. */
function repairedInExcerpts(
  take: Float32Array,
  spans: readonly RepairSpan[],
  sampleRateHz: number,
): Float32Array {
  const sent = take.map((sample) => Math.round(sample * 32_768) / 32_768);
  const played = take.slice();
  for (const { atSample, frames } of spans) played.fill(0, atSample, atSample + frames);
  for (const excerpt of repairExcerpts(spans, take.length, sampleRateHz)) {
    const { atSample, frames, holes } = excerpt;
    const mended = repairSpans(sent.subarray(atSample, atSample + frames), holes);
    for (const hole of holes)
      played.set(mended.subarray(hole.atSample, hole.atSample + hole.frames), atSample + hole.atSample);
  }
  return played;
}

for (const packet of packets.split(',').map(Number)) {
  const begun = process.cpuUsage();
  let spanCount = 0;
  const lines = readFileSync(resolve(data, `${trace}_P${packet}.tsv`), 'utf8').split('\n');
  const scores = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [file = '', traceFile = ''] = line.split('\t');
      const wav = decodeWav(readFileSync(resolve(data, file)));
      const lost = parseTrace(readFileSync(resolve(data, traceFile), 'utf8'));
      if (!wav.ok) throw new Error(`${file}: ${wav.message}`);
      if (!lost.ok) throw new Error(`${traceFile}: ${lost.message}`);
      const take = wav.value.channels[0] ?? new Float32Array(0);
      const spans = spansOf(lost.value, packet, take.length);
      spanCount += spans.length;
      const played = repairedInExcerpts(take, spans, wav.value.sampleRateHz);
      const score = scoreFile(take, played, lost.value, { packetFrames: packet, className: '' });
      process.stderr.write(`${packet} ${parse(file).name}: ${summarise([score]).pooledDb.toFixed(2)} dB\n`);
      return score;
    });
  const used = process.cpuUsage(begun);
  const { pooledDb, meanFileDb, worseThanSilencePercent } = summarise(scores);
  const figures = `${pooledDb.toFixed(2)} / ${meanFileDb.toFixed(2)} / ${worseThanSilencePercent.toFixed(1)} %`;
  const perSpanMs = (used.user + used.system) / 1000 / spanCount;
  process.stdout.write(
    `${trace} ${packet}: ${figures}, ${spanCount} holes, ${perSpanMs.toFixed(1)} ms of processor time each\n`,
  );
}
