import type { Variant } from '../api/state.ts';
import { type Loop, type PlayheadStart, playheadAt } from './playhead.ts';

/** Long enough that the switch does not click, short enough that nothing is heard of it. */
const SWITCH_SECONDS = 0.004;
/** Sources are started this far ahead, so that all of them begin on the same sample. */
const START_AHEAD_SECONDS = 0.02;

interface Voice {
  readonly buffer: AudioBuffer;
  /** Gain while it is heard. */
  readonly level: number;
  readonly gain: GainNode;
  source: AudioBufferSourceNode | null;
}

/**
 * Plays all versions of a take at once, on one clock, and lets one be heard: switching moves gains and nothing else, so
 * the music goes on at the same sample.
 */
export class AbPlayer<Version extends string = Variant> {
  readonly durationSeconds: number;
  readonly #context: AudioContext;
  readonly #voices = new Map<Version, Voice>();
  #chosen: Version;
  #loop: Loop | null = null;
  #start: PlayheadStart | null = null;
  #restSeconds = 0;

  /** `levels`: gains by which the versions become equally loud; 1 for those that have none. */
  constructor(
    context: AudioContext,
    buffers: ReadonlyMap<Version, AudioBuffer>,
    chosen: Version,
    levels: ReadonlyMap<Version, number> = new Map(),
  ) {
    this.#context = context;
    this.#chosen = chosen;
    let longest = 0;
    for (const [variant, buffer] of buffers) {
      const gain = context.createGain();
      const level = levels.get(variant) ?? 1;
      gain.gain.value = variant === chosen ? level : 0;
      gain.connect(context.destination);
      this.#voices.set(variant, { buffer, level, gain, source: null });
      longest = Math.max(longest, buffer.duration);
    }
    this.durationSeconds = longest;
  }

  get playing(): boolean {
    return this.#start !== null;
  }

  get looping(): boolean {
    return this.#loop !== null;
  }

  /** Decoding brings every version to the rate of the audio hardware. */
  get sampleRateHz(): number {
    return this.#context.sampleRate;
  }

  /** Samples of a version, for drawing; `null` when it was not loaded. Owned by the player: do not write. */
  samples(variant: Version): Float32Array | null {
    return this.#voices.get(variant)?.buffer.getChannelData(0) ?? null;
  }

  /** Second of the take that sounds now; at its end the player comes to rest. */
  position(): number {
    if (this.#start === null) return this.#restSeconds;
    const at = playheadAt(this.#start, this.#context.currentTime, this.#loop, this.durationSeconds);
    if (this.#loop === null && at >= this.durationSeconds) this.pause();
    return at;
  }

  play(): void {
    if (this.playing) return;
    if (this.#restSeconds >= this.durationSeconds) this.#restSeconds = 0;
    // A browser lets sound begin only after a touch; by now there was one.
    void this.#context.resume();
    this.#startSources(this.#restSeconds);
  }

  pause(): void {
    if (this.#start === null) return;
    this.#restSeconds = playheadAt(this.#start, this.#context.currentTime, this.#loop, this.durationSeconds);
    this.#stopSources();
  }

  seek(seconds: number): void {
    const to = Math.min(Math.max(0, seconds), this.durationSeconds);
    const wasPlaying = this.playing;
    this.#stopSources();
    this.#restSeconds = to;
    if (wasPlaying) this.#startSources(to);
  }

  choose(variant: Version): void {
    this.#chosen = variant;
    const now = this.#context.currentTime;
    for (const [name, voice] of this.#voices) {
      const target = name === variant ? voice.level : 0;
      voice.gain.gain.cancelScheduledValues(now);
      voice.gain.gain.setValueAtTime(voice.gain.gain.value, now);
      voice.gain.gain.linearRampToValueAtTime(target, now + SWITCH_SECONDS);
    }
  }

  get chosen(): Version {
    return this.#chosen;
  }

  /** Plays `loop` round and round from its beginning, or straight on with `null`. */
  setLoop(loop: Loop | null): void {
    const at = loop === null ? this.position() : loop.from;
    this.#loop = loop;
    this.seek(at);
  }

  dispose(): void {
    this.#stopSources();
    for (const voice of this.#voices.values()) voice.gain.disconnect();
    this.#voices.clear();
  }

  #startSources(offsetSeconds: number): void {
    const when = this.#context.currentTime + START_AHEAD_SECONDS;
    for (const voice of this.#voices.values()) {
      const source = new AudioBufferSourceNode(this.#context, { buffer: voice.buffer });
      if (this.#loop !== null) {
        source.loop = true;
        source.loopStart = this.#loop.from;
        source.loopEnd = this.#loop.to;
      }
      source.connect(voice.gain);
      source.start(when, offsetSeconds);
      voice.source = source;
    }
    this.#start = { offsetSeconds, startedAt: when };
  }

  #stopSources(): void {
    for (const voice of this.#voices.values()) {
      voice.source?.stop();
      voice.source?.disconnect();
      voice.source = null;
    }
    this.#start = null;
  }
}
