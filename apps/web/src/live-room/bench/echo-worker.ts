import { fromBase64 } from '@jamnet/base';
import { encodeHeader, HEADER_BYTES, HOP_TAG_BYTES, PACKET_TYPE } from '@jamnet/toast';
import { SharedRing } from '../audio/shared-ring.ts';
import { openDataChannel } from '../paths/data-channel-path.ts';
import type { PagePath, PathListener } from '../paths/page-path.ts';
import { openWebSocket } from '../paths/websocket-path.ts';
import { openWebTransport } from '../paths/webtransport-path.ts';
import type { EchoWish, FromEchoWorker, ToEchoWorker } from './bench-messages.ts';

const PACKET_FRAMES = 64;
const WAIT_MS = 20;
/** Packets at the start that are not counted: a connection finds its pace in a second. */
const WARM_PACKETS = 750;
/** What is still under way when the last packet has left. */
const LINGER_MS = 500;

let giveChannel: ((channel: RTCDataChannel | MessagePort) => void) | null = null;

function tell(message: FromEchoWorker): void {
  self.postMessage(message);
}

self.onmessage = ({ data }: MessageEvent<ToEchoWorker>) => {
  if (data.type === 'channel') giveChannel?.(data.channel);
  else
    measure(data.wish, new SharedRing(data.capture)).catch((error: unknown) =>
      tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
};

async function measure(wish: EchoWish, capture: SharedRing): Promise<void> {
  const roundTripsMs: number[] = [];
  let isLost = false;
  const path = await open(wish, {
    packet: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (view.getUint32(HEADER_BYTES) >= WARM_PACKETS)
        roundTripsMs.push(performance.now() - view.getFloat64(HEADER_BYTES + 4));
    },
    lost: () => {
      isLost = true;
    },
  });
  const packets = WARM_PACKETS + Math.round((wish.seconds * 48_000) / PACKET_FRAMES);
  const block = new Float32Array(PACKET_FRAMES);
  const counts = { sent: 0, refused: 0 };
  for (let sequence = 0; sequence < packets && !isLost; ) {
    const head = capture.head;
    for (; sequence < packets && capture.filled >= PACKET_FRAMES; sequence++) {
      capture.read(block);
      const isSent = path.send(packet(sequence, wish.packetBytes));
      if (sequence < WARM_PACKETS) continue;
      counts.sent++;
      if (!isSent) counts.refused++;
    }
    if (capture.head !== head) continue;
    const { async, value } = Atomics.waitAsync(capture.control, 0, head, WAIT_MS);
    await (async ? value : new Promise((resolve) => setTimeout(resolve, 0)));
  }
  await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
  path.close();
  if (isLost) throw new Error('the connection ended');
  tell({ type: 'done', result: { ...counts, roundTripsMs } });
}

/** A lawful audio packet to the gateway; the body says when it was made. */
function packet(sequence: number, bytes: number): Uint8Array {
  const made = new Uint8Array(bytes);
  encodeHeader(made, {
    type: PACKET_TYPE.audio,
    stream: 0,
    flags: 0,
    epoch: 1,
    sequence,
    sampleTime: sequence * PACKET_FRAMES,
    bodyBytes: bytes - HEADER_BYTES - HOP_TAG_BYTES,
    generation: 0,
  });
  const view = new DataView(made.buffer);
  view.setUint32(HEADER_BYTES, sequence);
  view.setFloat64(HEADER_BYTES + 4, performance.now());
  return made;
}

async function open(wish: EchoWish, listener: PathListener): Promise<PagePath> {
  const query = `?ticket=${encodeURIComponent(wish.ticket)}`;
  if (wish.kind === 'websocket') return await openWebSocket(`${wish.socketUrl}${query}`, listener);
  if (wish.kind === 'data-channel') {
    const channel = await new Promise<RTCDataChannel | MessagePort>((resolve) => {
      giveChannel = resolve;
      tell({ type: 'want-channel' });
    });
    return await openDataChannel(channel, listener);
  }
  const sha256 = new Uint8Array(fromBase64(wish.sha256Base64) ?? new Uint8Array(0));
  return await openWebTransport({ url: `${wish.webTransportUrl}${query}`, sha256 }, listener);
}
