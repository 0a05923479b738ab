import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { concatBytes } from '@jamnet/base';
import { PcmRing } from './pcm-ring.ts';

/** Looks at a ring are so far apart: sixteen fit into what the least pipe holds. */
const LOOK_MS = 3;
const CHUNK_FRAMES = 4096;

/** Fills a ring from a file descriptor of raw 16-bit little-endian frames, from when the engine starts; ends with it. */
export function pumpIn(descriptor: number): PcmRing {
  const ring = new PcmRing();
  void fill(ring, descriptor).finally(() => ring.end());
  return ring;
}

async function fill(ring: PcmRing, descriptor: number): Promise<void> {
  while (!ring.isStarted) await pause();
  const stream = createReadStream('', { fd: descriptor, autoClose: false });
  let half: Uint8Array = new Uint8Array(0);
  try {
    for await (const chunk of stream) {
      const bytes = concatBytes(half, chunk as Buffer);
      const whole = bytes.length - (bytes.length % 2);
      half = bytes.subarray(whole);
      // A copy begins at an even place, as 16-bit views must.
      const frames = new Int16Array(bytes.slice(0, whole).buffer);
      for (let at = ring.write(frames); at < frames.length; at += ring.write(frames.subarray(at))) {
        ring.noteFull();
        await pause();
      }
    }
  } catch {
    // Who sent has gone: that is the end as well.
  }
}

export interface OutputPump {
  readonly ring: PcmRing;
  /** Resolves when everything was written, or nobody reads any more. */
  readonly done: Promise<void>;
}

/** Empties a ring into a file descriptor; `gone` is called when nobody reads any more. */
export function pumpOut(descriptor: number, gone: () => void): OutputPump {
  const ring = new PcmRing();
  return { ring, done: drain(ring, descriptor).catch(gone) };
}

async function drain(ring: PcmRing, descriptor: number): Promise<void> {
  const stream = createWriteStream('', { fd: descriptor, autoClose: false });
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => undefined);
  for (;;) {
    if (ring.filled === 0 && !ring.isEnded) await Promise.race([pause(), failed]);
    const frames = new Int16Array(CHUNK_FRAMES);
    const read = ring.read(frames);
    if (read === 0 && ring.isEnded) break;
    const bytes = Buffer.from(frames.buffer, 0, 2 * read);
    if (read > 0 && !stream.write(bytes)) await Promise.race([once(stream, 'drain'), failed]);
  }
  await Promise.race([new Promise<void>((resolve) => stream.end(resolve)), failed]);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
