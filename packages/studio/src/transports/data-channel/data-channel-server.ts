import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { JoinClaim } from '@jamnet/toast';
import datachannel, { type DataChannel, type PeerConnection } from 'node-datachannel';
import type { PathCode, PathHub } from '../gateway/path-hub.ts';

/** Bytes waiting in SCTP; beyond, packets are dropped: unreliable channels queue under congestion control all the same. */
const BACKLOG_BYTES_MAX = 16 * 1024;
/** A page that does not connect within this time is forgotten. */
const CONNECT_MS = 10_000;
export const OFFER_CHARACTERS_MAX = 16 * 1024;
/** Offers that were answered and whose page has not connected yet, of all players. */
export const WAITING_MAX = 32;

export interface DataChannelPaths {
  /** Answers a page's offer; the channel itself opens later. */
  answer(ticket: string, offerSdp: string): Promise<Result<string, PathCode>>;
  close(): void;
}

/** Second choice of a page: one unordered channel without retransmissions. Signalling comes over the studio's HTTP. */
export function serveDataChannels(host: string, hub: PathHub): DataChannelPaths {
  // Answers to SACKs at once: SCTP's usual 200 ms of waiting would stall a lossy link.
  datachannel.setSctpSettings({ delayedSackTime: 0 });
  // Where all addresses are meant the library offers each of them, which it does by itself only.
  const bound = ['0.0.0.0', '::'].includes(host) ? {} : { bindAddress: host };
  const peers = new Set<PeerConnection>();
  /** Those of them that have no channel yet. */
  const waiting = new Set<PeerConnection>();

  async function answer(ticket: string, offerSdp: string): Promise<Result<string, PathCode>> {
    const claim = hub.admit(ticket);
    if (!claim.ok) return claim;
    if (waiting.size >= WAITING_MAX) {
      hub.counters.refusedFull++;
      return refuse('paths-full', 'Too many pages are connecting: try again in a moment.');
    }
    const peer = new datachannel.PeerConnection('studio', { iceServers: [], ...bound });
    peers.add(peer);
    waiting.add(peer);
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      peers.delete(peer);
      waiting.delete(peer);
      peer.close();
    };
    const timer = setTimeout(over, CONNECT_MS);
    peer.onDataChannel((channel) => {
      clearTimeout(timer);
      // One path per connection; and as several offers of a player may have been answered, it is judged again.
      const admitted = waiting.delete(peer) ? hub.admit(ticket) : null;
      if (admitted?.ok) bridge(admitted.value, channel, over);
      else if (admitted === null) channel.close();
      else over();
    });
    peer.onStateChange((state) => {
      if (state === 'closed' || state === 'failed' || state === 'disconnected') over();
    });
    const gathered = new Promise<string>((resolve, reject) => {
      peer.onGatheringStateChange((state) => {
        if (state === 'complete') resolve(peer.localDescription()?.sdp ?? '');
      });
      setTimeout(
        () => reject(new Failure('signalling-failed', 'no candidates were found')),
        CONNECT_MS,
      ).unref();
    });
    try {
      peer.setRemoteDescription(offerSdp, 'offer');
      return ok(await gathered);
    } catch (cause) {
      clearTimeout(timer);
      over();
      throw new Failure('signalling-failed', 'The offer could not be answered.', { cause });
    }

    function bridge(admitted: JoinClaim, channel: DataChannel, ended: () => void): void {
      const end = hub.open(admitted, {
        kind: 'data-channel',
        send: (packet) => {
          if (!channel.isOpen() || channel.bufferedAmount() > BACKLOG_BYTES_MAX) return false;
          return channel.sendMessageBinary(packet);
        },
        close: ended,
      });
      channel.onMessage((message) => {
        if (message instanceof Buffer) end.receive(message);
      });
      channel.onClosed(() => {
        end.closed();
        ended();
      });
    }
  }

  return {
    answer,
    close: () => {
      for (const peer of [...peers]) peer.close();
      peers.clear();
      waiting.clear();
    },
  };
}
