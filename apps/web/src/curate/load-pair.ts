import { ok, type Result, refuse } from '@jamnet/base';
import { AbPlayer } from '../takes/ab-player.ts';
import { audioContext, loadBuffer } from '../takes/load-audio.ts';
import { curation, type Pair, type Side } from './curate-api.ts';
import { integratedLufs, matchingGains } from './loudness.ts';

export interface LoadedPair {
  readonly player: AbPlayer<Side>;
  /** Loudness that all sides have; `null`: silence. */
  readonly lufs: number | null;
}

/** Sides of a pair, in the order in which they are shown. */
export function sidesOf({ form }: Pair): readonly Side[] {
  return form === 'abx' ? ['a', 'b', 'x'] : ['a', 'b'];
}

/** Fetches all sides of a pair, brings them to one loudness, and lets them go round and round on one clock. */
export async function loadPair(pair: Pair): Promise<Result<LoadedPair, 'sound-missing'>> {
  const context = audioContext();
  const sides = sidesOf(pair);
  const buffers = new Map<Side, AudioBuffer>();
  for (const side of sides) {
    const loaded = await loadBuffer(context, curation.soundPath(pair.id, side));
    if (!loaded.ok) return refuse('sound-missing', loaded.message);
    buffers.set(side, loaded.value);
  }
  const measured = sides.map((side) => {
    const buffer = buffers.get(side);
    return buffer ? integratedLufs(buffer.getChannelData(0), buffer.sampleRate) : null;
  });
  const gains = matchingGains(measured);
  const levels = new Map(sides.map((side, index) => [side, gains[index] ?? 1]));
  const player = new AbPlayer<Side>(context, buffers, 'a', levels);
  player.setLoop({ from: 0, to: player.durationSeconds });
  const heard = measured.filter((lufs) => lufs !== null);
  return ok({ player, lufs: heard.length === 0 ? null : Math.min(...heard) });
}
