import { issueToken, type PeerOptions, PeerSession, Relay } from '@jamnet/toast';
import { nodeSealCrypto } from '../crypto/node-seal-crypto.ts';
import { HeardStream } from '../heard-stream.ts';
import { verifyEd25519 } from '../identity/node-identity.ts';
import type { Playout } from '../play-options.ts';

const STEP_US = 5_000;
const STEPS_MAX = 400;
/** Enough for the engine's functions to be compiled for speed: measured, the last change comes before packet 2,000. */
const PACKETS = 2500;
/** Every so many packets one is lost and concealed. */
const LOST_EVERY = 9;

/**
 * Plays a room to itself, in memory and without waiting, so that the first real packets meet compiled code: cold, the
 * engine's first second costs some twenty periods that come too late.
 */
export function warmUp(
  options: Pick<PeerOptions, 'packetFrames' | 'redundancyOffsets' | 'redundancy' | 'packing'> & {
    readonly playout: Playout;
  },
): void {
  const startUs = 1_700_000_000_000_000;
  const tokenKey = new Uint8Array(32).fill(1);
  const relay = new Relay({
    crypto: nodeSealCrypto,
    verify: verifyEd25519,
    tokenKey,
    cookieKey: new Uint8Array(32).fill(2),
  });
  const peers = new Map<string, PeerSession>();
  for (const [i, player] of ['speaker', 'listener'].entries()) {
    const token = issueToken(nodeSealCrypto, tokenKey, { room: 'warm', player, expiresAtUs: startUs + 1e9 });
    if (!token.ok) return;
    const session = PeerSession.open({
      ...options,
      crypto: nodeSealCrypto,
      joinToken: token.value,
      roomKey: new Uint8Array(32).fill(3),
      startWhenPlayers: 2,
      joinIdBytes: new Uint8Array(16).fill(i),
      epoch: i + 1,
      consent: 0,
    });
    if (!session.ok) return;
    peers.set(`10.0.0.${i + 1}:5`, session.value);
  }
  const [speaker, listener] = [...peers.values()];
  if (speaker === undefined || listener === undefined) return;
  let nowUs = startUs;
  let losing = false;
  const settle = (): void => {
    for (const [address, peer] of peers) {
      for (let next = peer.outgoing.shift(); next !== undefined; next = peer.outgoing.shift())
        relay.datagram(nowUs, address, next.bytes);
    }
    for (let next = relay.outgoing.shift(); next !== undefined; next = relay.outgoing.shift())
      if (!losing) peers.get(next.to)?.datagram(nowUs, next.bytes);
  };
  for (let step = 0; step < STEPS_MAX && (listener.startAtUs === 0 || nowUs < listener.startAtUs); step++) {
    nowUs += STEP_US;
    for (const peer of peers.values()) peer.tick(nowUs);
    settle();
    settle();
  }
  const remote = listener.players[0];
  if (remote === undefined || listener.startAtUs === 0) return;
  const { packetFrames, playout } = options;
  const heard = new HeardStream(remote, {
    packetFrames,
    playout,
    reach: 0,
    midiOut: () => undefined,
    timeline: listener.timeline,
  });
  const pcm = new Int16Array(options.packetFrames);
  for (let packet = 0; packet < PACKETS; packet++) {
    nowUs = listener.startAtUs + (packet + 1) * listener.packetUs;
    for (let i = 0; i < pcm.length; i++) pcm[i] = 9000 * Math.sin(0.13 * (packet * pcm.length + i));
    losing = packet % LOST_EVERY === 0;
    speaker.sendAudio(nowUs, pcm, 0);
    settle();
    heard.drainFresh();
    heard.play(packet + 1, nowUs);
  }
}
