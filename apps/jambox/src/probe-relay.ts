import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { PeerSession } from '@jamnet/toast';
import { nodeSealCrypto } from './crypto/node-seal-crypto.ts';
import { localNowUs } from './local-clock.ts';
import { openUdpPort } from './net/open-udp-port.ts';
import { runPorts } from './net/run-ports.ts';
import { STOP } from './net/udp-port.ts';

/** Asked so often; the shortest answer counts, because everything else on the way only adds. */
const PROBES = 5;
const PROBE_EVERY_US = 60_000;
const PROBE_US_MAX = 600_000;

export interface RelayToProbe {
  readonly host: string;
  readonly port: number;
}

/**
 * Round trip to a relay, µs, or `null` when it does not answer. What is sent is the first datagram of a join: it is authenticated by
 * the token, and the relay's challenge is shorter than it and takes no seat. The relay must know the studio that issued the token.
 */
export async function probeRelay(relay: RelayToProbe, joinToken: string): Promise<number | null> {
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken,
    roomKey: new Uint8Array(32),
    packetFrames: 64,
    redundancyOffsets: [],
    startWhenPlayers: 1,
    joinIdBytes: randomBytes(16),
    epoch: randomBytes(4).readUInt32BE(),
    consent: 0,
  });
  if (!session.ok) return null;
  const beganUs = localNowUs();
  session.value.tick(beganUs);
  const ask = session.value.outgoing.shift()?.bytes;
  if (ask === undefined) return null;
  // By dgram: the batched port would block this thread, and several relays are asked at once.
  const found = await lookup(relay.host).catch(() => null);
  if (found === null) return null;
  const remote = { host: found.address, port: relay.port };
  const own = { host: found.family === 6 ? '::' : '0.0.0.0', port: 0, remote };
  const port = await openUdpPort(own, 'dgram').catch(() => null);
  if (port === null) return null;
  let [asked, sentUs, bestUs] = [0, 0, Number.POSITIVE_INFINITY];
  let dueUs = beganUs;
  await runPorts([port], {
    datagram: (nowUs) => {
      if (sentUs > 0) bestUs = Math.min(bestUs, nowUs - sentUs);
      sentUs = 0;
    },
    wake: (nowUs) => {
      if (asked === PROBES && (sentUs === 0 || nowUs - sentUs > PROBE_US_MAX)) return STOP;
      if (nowUs - beganUs > PROBE_US_MAX + PROBES * PROBE_EVERY_US) return STOP;
      if (nowUs >= dueUs && asked < PROBES) {
        asked++;
        sentUs = localNowUs();
        dueUs = nowUs + PROBE_EVERY_US;
        port.send(ask, '');
      }
      return asked < PROBES ? dueUs : nowUs + PROBE_EVERY_US;
    },
  });
  port.close();
  return Number.isFinite(bestUs) ? bestUs : null;
}
