import { randomBytes } from 'node:crypto';
import { Failure, fromHex, present } from '@jamnet/base';
import { CONSENT, PeerSession } from '@jamnet/toast';
import { readInputWav } from './input-wav.ts';
import { Jam } from './jam.ts';
import { nodeSealCrypto } from './node-seal-crypto.ts';
import { openPeerSocket } from './peer-socket.ts';
import type { PlayOptions } from './play-options.ts';
import type { LiveMetrics, PlayReport } from './play-report.ts';
import { writeReport } from './write-report.ts';

const METRICS_EVERY_MS = 250;
const SECONDS_MAX = 1800;

export interface PlayHooks {
  /** Called about four times a second. */
  readonly onMetrics?: (metrics: LiveMetrics) => void;
  /** Ends the own stream, leaves the room, and still writes what there is. */
  readonly signal?: AbortSignal;
}

/** Joins a room, plays the input WAV into it in real time, hears the others, writes takes and WAV files. */
export async function runPeer(options: PlayOptions, hooks: PlayHooks = {}): Promise<PlayReport> {
  const input = await readInputWav(options.inputWav, options.packetFrames, options.secondsMax ?? SECONDS_MAX);
  const session = openSession(options);
  const socket = await openPeerSocket(options.relay);
  const jam = new Jam(options, session, socket, input);
  const stop = (): void => jam.stop();
  if (hooks.signal?.aborted) stop();
  hooks.signal?.addEventListener('abort', stop, { once: true });
  const timer = setInterval(() => hooks.onMetrics?.(jam.metrics()), METRICS_EVERY_MS);
  try {
    await jam.play();
    hooks.onMetrics?.(jam.metrics());
    return await writeReport(options, session.startAtUs, jam.sent, jam.heard);
  } finally {
    clearInterval(timer);
    hooks.signal?.removeEventListener('abort', stop);
    socket.close();
  }
}

function openSession(options: PlayOptions): PeerSession {
  const { record, train, strangers } = options.consent;
  const fixed = options.playoutDelayMs === undefined ? {} : { fixedDelayMs: options.playoutDelayMs };
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken: options.joinToken,
    roomKey: present(fromHex(options.roomKeyHex), 'room key'),
    packetFrames: options.packetFrames,
    redundancyOffsets: options.redundancyOffsets,
    startWhenPlayers: options.startWhenPlayers,
    joinIdBytes: randomBytes(16),
    epoch: randomBytes(4).readUInt32BE(),
    consent:
      (record ? CONSENT.record : 0) + (train ? CONSENT.train : 0) + (strangers ? CONSENT.strangers : 0),
    ...fixed,
  });
  if (!session.ok) throw new Failure(session.code, session.message);
  return session.value;
}
