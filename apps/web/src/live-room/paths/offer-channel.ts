import { faultOf, PathFault } from './path-fault.ts';
import { asTransferable } from './transfer.ts';

/** How long the page waits for its own addresses; on a LAN they are there at once. */
const GATHER_MS = 1500;

export interface OfferedChannel {
  /** To be handed to the worker with `transfer`. */
  readonly channel: RTCDataChannel | MessagePort;
  readonly transfer: readonly Transferable[];
  close(): void;
}

/**
 * Makes an unordered channel without retransmissions on the page, where peer connections live. The channel is handed over
 * before it connects, as browsers demand; signalling then goes over the studio's HTTP.
 */
export function offerChannel(
  signal: (sdp: string) => Promise<string>,
  failed: (reason: string) => void,
): OfferedChannel {
  const peer = new RTCPeerConnection({ iceServers: [] });
  const made = peer.createDataChannel('toast', { ordered: false, maxRetransmits: 0 });
  const handed = asTransferable(made);
  connect(peer, signal).catch((error: unknown) => failed(faultOf(error)));
  return { ...handed, close: () => peer.close() };
}

async function connect(peer: RTCPeerConnection, signal: (sdp: string) => Promise<string>): Promise<void> {
  const gathered = new Promise<void>((resolve) => {
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
    setTimeout(resolve, GATHER_MS);
  });
  await peer.setLocalDescription();
  await gathered;
  const sdp = peer.localDescription?.sdp;
  if (sdp === undefined) throw new PathFault('description-missing');
  await peer.setRemoteDescription({ type: 'answer', sdp: await signal(sdp) });
}
