// realtime

/**
 * The last samples of a stream as one contiguous stretch: `samples[end − frames, end)`. Written at the end; moved to
 * the front only when the room behind is used up, so that an append costs a copy of its own length most of the time.
 */
export class History {
  /** How many samples are kept. */
  readonly frames: number;
  readonly samples: Float64Array;
  /** Index after the newest sample. */
  end: number;

  /** `appendMax`: the most samples written behind `end` before {@link makeRoom} is asked again. */
  constructor(frames: number, appendMax: number) {
    this.frames = frames;
    this.samples = new Float64Array(2 * frames + 4 * appendMax);
    this.end = frames;
  }

  /** Makes sure that `count` samples can be written from `end` on. */
  makeRoom(count: number): void {
    if (this.end + count <= this.samples.length) return;
    this.samples.copyWithin(0, this.end - this.frames, this.end);
    this.end = this.frames;
  }

  /** Appends a packet; a sample that is not finite counts as silence. */
  append(packet: Float32Array): void {
    const count = packet.length;
    this.makeRoom(count);
    const samples = this.samples;
    const end = this.end;
    for (let i = 0; i < count; i++) {
      const sample = packet[i] ?? 0;
      samples[end + i] = sample - sample === 0 ? sample : 0;
    }
    this.end = end + count;
  }

  clear(): void {
    this.samples.fill(0);
    this.end = this.frames;
  }
}
