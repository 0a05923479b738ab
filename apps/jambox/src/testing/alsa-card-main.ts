import { Failure } from '@jamnet/base';
import { AlsaCard } from '../card/alsa-card.ts';

/** Runs a card for so many periods as the engine does, playing a ramp: `node alsa-card-main.ts DEVICE PERIODS FRAMES`. */
const [device = '', periodsText, framesText] = process.argv.slice(2);
const periods = Number(periodsText);
const packetFrames = Number(framesText);

function nowUs(): number {
  return performance.now() * 1000;
}

function play(): object {
  const card = new AlsaCard({ device, packetFrames, input: null });
  const into = new Int16Array(packetFrames);
  const out = new Float32Array(packetFrames);
  const captured: number[] = [];
  card.start(nowUs(), 0);
  for (let period = 0; period < periods; ) {
    if (!card.isDue(nowUs())) continue;
    card.capture(into);
    captured.push(...into);
    for (let i = 0; i < packetFrames; i++) out[i] = ((period * packetFrames + i) % 1000) / 1000;
    card.play(out);
    period++;
  }
  card.close();
  return { periods, captured, stumbles: card.stumbles };
}

try {
  process.stdout.write(`${JSON.stringify(play())}\n`);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`);
}
