import { ok, type Result, refuse } from '@jamnet/base';
import { audioPath } from '../api/endpoints.ts';
import type { Take, Variant } from '../api/state.ts';
import { apiText } from '../api/text.ts';
import { textNow } from '../language/text-now.ts';
import { text } from '../text/text.ts';
import { AbPlayer } from './ab-player.ts';

type LoadCode = 'studio-unreachable' | 'audio-missing' | 'audio-undecodable';

let shared: AudioContext | null = null;

/** One for the page: browsers allow only a few, and all versions must run on one clock. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext({ latencyHint: 'interactive' });
  return shared;
}

/** Fetches and decodes every version of a take that exists, ready to play. */
export async function loadPlayer(take: Take, chosen: Variant): Promise<Result<AbPlayer, LoadCode>> {
  const context = audioContext();
  const buffers = new Map<Variant, AudioBuffer>();
  for (const variant of take.variants) {
    const loaded = await loadBuffer(context, audioPath(take.id, variant));
    if (!loaded.ok) return loaded;
    buffers.set(variant, loaded.value);
  }
  return ok(new AbPlayer(context, buffers, chosen));
}

/** Fetches and decodes one sound file. */
export async function loadBuffer(
  context: AudioContext,
  path: string,
): Promise<Result<AudioBuffer, LoadCode>> {
  let bytes: ArrayBuffer;
  try {
    const response = await fetch(path);
    if (!response.ok) return refuse('audio-missing', textNow(text).takes.audioMissing);
    bytes = await response.arrayBuffer();
  } catch {
    return refuse('studio-unreachable', textNow(apiText).unreachable);
  }
  try {
    return ok(await context.decodeAudioData(bytes));
  } catch {
    return refuse('audio-undecodable', textNow(text).takes.audioUndecodable);
  }
}
