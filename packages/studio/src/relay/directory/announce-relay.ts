import type { Failure } from '@jamnet/base';
import { type Bus, openNatsBus } from '@jamnet/bus';
import { nodeHopCrypto } from '../node-hop-crypto.ts';
import type { UdpRelay } from '../udp-relay.ts';
import { publishBeat } from './bus-directory.ts';
import { signHeartbeat } from './heartbeat.ts';

/** A relay that died is noticed by several beats that are missing. */
const BEAT_EVERY_MS = 200;
const ANSWER_MS_MAX = 5_000;

export interface Announcement {
  /** NATS server that is told of every beat too. */
  readonly natsUrl?: string;
  /** The studio, `http://127.0.0.1:8440`. */
  readonly studio: string;
  /** 32 bytes, the studio's. */
  readonly tokenKey: Uint8Array;
  readonly id: string;
  /** Where players reach the relay. */
  readonly host: string;
  readonly port: number;
  /** Told what the studio answered, when that changes: `null` for yes, else why not. */
  readonly onAnswer: (fault: string | null) => void;
}

/** Tells the studio several times a second that the relay lives, until the answer is called. */
export function announceRelay(relay: UdpRelay, announcement: Announcement): () => Promise<void> {
  const { studio, tokenKey, id, host, port, onAnswer, natsUrl } = announcement;
  const stopping = new AbortController();
  const opening = natsUrl === undefined ? null : joinBus(natsUrl, id, onAnswer, stopping.signal);
  let bus: Bus | null = null;
  void opening?.then((opened) => {
    bus = opened;
  });
  let told: string | null | undefined;
  let isBeating = false;
  let under: Promise<void> = Promise.resolve();
  const beat = async (): Promise<void> => {
    const { rooms, players } = relay.stats();
    const signed = signHeartbeat(nodeHopCrypto, tokenKey, {
      id,
      host,
      port,
      atUs: Date.now() * 1000,
      rooms,
      players,
    });
    if (bus !== null) publishBeat(bus, signed);
    const fault = await postBeat(studio, signed);
    if (fault !== told) onAnswer(fault);
    told = fault;
  };
  const timer = setInterval(() => {
    // Where the studio answers slowly the beats do not pile up.
    if (isBeating) return;
    isBeating = true;
    under = under.then(beat).finally(() => {
      isBeating = false;
    });
  }, BEAT_EVERY_MS);
  under = beat();
  return async () => {
    clearInterval(timer);
    await under;
    stopping.abort();
    await (await opening)?.close();
  };
}

/** Until the server is there the studio is told by HTTP alone; `null` where the server refuses, or after the signal. */
async function joinBus(
  url: string,
  id: string,
  onFault: (fault: string) => void,
  signal: AbortSignal,
): Promise<Bus | null> {
  const onWaiting = ({ message }: Failure): void => onFault(message);
  try {
    return await openNatsBus(url, `jamnet relay ${id}`, {
      limitMs: Number.POSITIVE_INFINITY,
      ...{ onWaiting, signal },
    });
  } catch (error) {
    if (!signal.aborted) onFault(error instanceof Error ? error.message : String(error));
    return null;
  }
}

async function postBeat(studio: string, signed: object): Promise<string | null> {
  try {
    const answer = await fetch(new URL('/api/relays/heartbeat', studio), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signed),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    if (answer.ok) return null;
    const problem = (await answer.json()) as { detail?: unknown };
    return typeof problem.detail === 'string' ? problem.detail : `The studio answered ${answer.status}.`;
  } catch {
    return `The studio at ${studio} does not answer.`;
  }
}
