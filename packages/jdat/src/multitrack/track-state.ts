import { encodeUtf8, toHex, uint64Bytes } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { integerBytes } from '../integer-pcm.ts';
import type { PacketFate, TrackRecord } from './multitrack.ts';

const CONTENT_DOMAIN = 'jamnet/take-content/v2\n';

/** What a track has come to, line by line: the same for who writes it and who reads it. */
export class TrackState {
  readonly track: TrackRecord;
  /** First sample of `audio`; −1 before any. */
  audioFrom = -1;
  audioEnd = 0;
  audioFrames = 0;
  fillEnd = 0;
  fillFrames = 0;
  spans = 0;
  /** First packet behind the loss map so far. */
  spanEnd = 0;
  midiEvents = 0;
  midiEnd = 0;
  /** Packets by what became of them. */
  readonly packets: Record<PacketFate, number> = { recovered: 0, concealed: 0, late: 0 };
  readonly #content;
  #run = sha256.create();
  #hasRun = false;

  constructor(track: TrackRecord, sampleRateHz: number) {
    this.track = track;
    this.#content = sha256
      .create()
      .update(encodeUtf8(CONTENT_DOMAIN))
      .update(uint64Bytes(BigInt(sampleRateHz)))
      .update(uint64Bytes(BigInt(track.bits)));
  }

  /** Takes sound into the content hash: SHA-256 over the hashes of the unbroken runs, each of first sample ‖ bytes. */
  hashAudio(atSample: number, samples: Int32Array): void {
    if (!this.#hasRun || atSample !== this.audioEnd) {
      this.#endRun();
      this.#run = sha256.create().update(uint64Bytes(BigInt(atSample)));
      this.#hasRun = true;
    }
    this.#run.update(integerBytes(samples, this.track.bits));
  }

  #endRun(): void {
    if (this.#hasRun) this.#content.update(this.#run.digest());
    this.#hasRun = false;
  }

  noteAudio(atSample: number, frames: number): void {
    if (this.audioFrom < 0) this.audioFrom = atSample;
    this.audioEnd = atSample + frames;
    this.audioFrames += frames;
  }

  /** Independent of names, consent, losses, and of how the sound is cut into records. */
  get contentHash(): string {
    const content = this.#content.clone();
    if (this.#hasRun) content.update(this.#run.clone().digest());
    return toHex(content.digest());
  }
}
