import { openRoomAudio } from '../audio/room-audio.ts';
import { offerChannel } from '../paths/offer-channel.ts';
import { signalOffer } from '../room-api.ts';
import type { EchoResult, EchoWish, FromEchoWorker, ToEchoWorker } from './bench-messages.ts';

/** Called by `jamnet bench browser`: the room's own ways and its own sound card as the clock, an echo in place of a room. */
async function measureEcho(wish: EchoWish): Promise<EchoResult> {
  const audio = await openRoomAudio({ kind: 'none' });
  const worker = new Worker(new URL('./echo-worker.ts', import.meta.url), { type: 'module' });
  const tell = (message: ToEchoWorker, transfer: readonly Transferable[] = []): void =>
    worker.postMessage(message, [...transfer]);
  let channel: { close(): void } | null = null;
  try {
    const result = await new Promise<Omit<EchoResult, 'quantumFrames'>>((resolve, reject) => {
      const failed = (reason: string): void => reject(new Error(reason));
      worker.onerror = ({ message }) => failed(message);
      worker.onmessage = ({ data }: MessageEvent<FromEchoWorker>) => {
        if (data.type === 'done') resolve(data.result);
        else if (data.type === 'failed') failed(data.reason);
        else {
          const offered = offerChannel((sdp) => signalOffer(wish.ticket, sdp), failed);
          channel = offered;
          tell({ type: 'channel', channel: offered.channel }, offered.transfer);
        }
      };
      tell({ type: 'begin', wish, capture: audio.capture });
    });
    return { ...result, quantumFrames: audio.quantumFrames };
  } finally {
    worker.terminate();
    // Assigned in a callback, which the compiler does not follow.
    (channel as { close(): void } | null)?.close();
    audio.close();
  }
}

Object.assign(globalThis, { measureEcho });
