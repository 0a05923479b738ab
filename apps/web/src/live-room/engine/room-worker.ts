import { fromBase64, fromHex } from '@jamnet/base';
import { DONE_CELL, type TapePort } from '@jamnet/jdat';
import { PeerSession, splitToken } from '@jamnet/toast';
import { SharedRing } from '../audio/shared-ring.ts';
import { type FromWorker, PATH_KINDS, type PathKind, type ToWorker } from '../messages.ts';
import { openDataChannel } from '../paths/data-channel-path.ts';
import type { PagePath, PathListener } from '../paths/page-path.ts';
import { faultOf, PathFault } from '../paths/path-fault.ts';
import { openWebSocket } from '../paths/websocket-path.ts';
import { openWebTransport } from '../paths/webtransport-path.ts';
import { agreesWithWebCrypto, browserSealCrypto } from '../seal/browser-seal-crypto.ts';
import { makePageIdentity } from '../seal/page-identity.ts';
import { RoomEngine } from './room-engine.ts';

/** What a datagram repeats: the packet before and the third before, as native players do by default. */
const COPIES = [1, 3] as const;
const TICK_MS = 5;
const REPORT_MS = 250;
/** Longest sleep between two looks at the capture ring. */
const WAIT_MS = 20;

type Join = Extract<ToWorker, { type: 'join' }>;

let engine: RoomEngine | null = null;
let path: PagePath | null = null;
let isOver = false;
/** As a recording names us. */
let who: { room: string; player: string; consent: number } | null = null;
let tellChannel: ((channel: RTCDataChannel | MessagePort | Error) => void) | null = null;

function tell(message: FromWorker): void {
  self.postMessage(message);
}

function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

function over(code: string): void {
  if (isOver) return;
  isOver = true;
  engine?.endRecording();
  path?.close();
  tell({ type: 'over', code });
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'join') void join(data);
  else if (data.type === 'gain') engine?.setGain(data.player, data.gain);
  else if (data.type === 'mute') {
    if (engine !== null) engine.isMuted = data.isMuted;
  } else if (data.type === 'channel') tellChannel?.(data.channel);
  else if (data.type === 'card') engine?.setCard(data.inputMs, data.outputMs);
  else if (data.type === 'beat') engine?.setBeat(data.wish);
  else if (data.type === 'midi') engine?.sendMidi(data.message);
  else if (data.type === 'record') {
    if (who !== null) engine?.record(who, tapePort(data.port, data.done));
  } else if (data.type === 'record-end') engine?.endRecording();
  else if (data.type === 'click') {
    engine?.click.setMode(data.mode);
  } else if (data.type === 'channel-failed') tellChannel?.(new Error(data.reason));
  else if (engine === null) over('left');
  else engine.leave();
};

/** Where a recording goes: the thread that writes. */
function tapePort(port: MessagePort, done: SharedArrayBuffer): TapePort {
  const cells = new Int32Array(done);
  return {
    post: (message, transfer) => port.postMessage(message, [...transfer]),
    get done() {
      return Atomics.load(cells, DONE_CELL);
    },
  };
}

async function join(message: Join): Promise<void> {
  const { answer } = message;
  const token = splitToken(answer.joinToken);
  const roomKey = fromHex(answer.roomKeyHex);
  if (!token.ok || roomKey === null || !(await agreesWithWebCrypto())) {
    over('page-outdated');
    return;
  }
  const { identity, prover } = await makePageIdentity();
  const session = PeerSession.open({
    crypto: browserSealCrypto,
    identity,
    defersProofs: prover !== null,
    joinToken: answer.joinToken,
    roomKey,
    packetFrames: answer.packetFrames,
    redundancyOffsets: [...COPIES],
    startWhenPlayers: 1,
    listens: message.listens,
    joinIdBytes: crypto.getRandomValues(new Uint8Array(16)),
    epoch: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    consent: message.consent,
  });
  if (!session.ok) {
    over(session.code);
    return;
  }
  who = { room: answer.room, player: answer.player, consent: message.consent };
  engine = new RoomEngine({
    session: session.value,
    prover,
    capture: new SharedRing(message.capture),
    playout: new SharedRing(message.playout),
    packetFrames: answer.packetFrames,
    followDrift: message.followDrift,
    hasSource: message.hasSource,
    reach: COPIES[1],
    nowUs,
    over,
    midi: (bytes) => tell({ type: 'midi', message: bytes }),
    newId: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  });
  await openPath(message, token.value.wire);
  const ticking = setInterval(() => {
    if (isOver) clearInterval(ticking);
    else engine?.tick();
  }, TICK_MS);
  const reporting = setInterval(() => {
    if (isOver) clearInterval(reporting);
    else if (path !== null && engine !== null) tell({ type: 'report', report: engine.report(path.kind) });
  }, REPORT_MS);
  await followCard(new SharedRing(message.capture));
}

/** Tries the ways in their order; when an open one is lost, begins again from the first. */
async function openPath(message: Join, ticket: string): Promise<void> {
  path = null;
  for (const kind of PATH_KINDS) {
    if (isOver) return;
    tell({ type: 'path-trying', kind });
    const listener: PathListener = {
      packet: (bytes) => engine?.packet(bytes),
      lost: () => {
        if (isOver || path?.kind !== kind) return;
        tell({ type: 'path-failed', kind, reason: 'ended' });
        void openPath(message, ticket);
      },
    };
    try {
      path = await openOne(kind, message, ticket, listener);
      if (engine !== null) engine.path = path;
      tell({ type: 'path-open', kind });
      return;
    } catch (error) {
      tell({ type: 'path-failed', kind, reason: faultOf(error) });
    }
  }
  over('no-path');
}

async function openOne(
  kind: PathKind,
  message: Join,
  ticket: string,
  listener: PathListener,
): Promise<PagePath> {
  const query = `?ticket=${encodeURIComponent(ticket)}`;
  const { webtransport, websocket } = message.answer.paths;
  if (kind === 'websocket')
    return await openWebSocket(`${message.socketOrigin}${websocket}${query}`, listener);
  if (kind === 'data-channel') return await openDataChannel(await channelOf(ticket), listener);
  if (webtransport === null) throw new PathFault('studio-lacks-it');
  const sha256 = fromBase64(webtransport.sha256Base64);
  if (sha256 === null) throw new PathFault('certificate-missing');
  return await openWebTransport(
    {
      url: `https://${message.hostname}:${webtransport.port}${webtransport.path}${query}`,
      sha256: new Uint8Array(sha256),
    },
    listener,
  );
}

function channelOf(ticket: string): Promise<RTCDataChannel | MessagePort> {
  return new Promise((resolve, reject) => {
    tellChannel = (channel) => {
      if (channel instanceof Error) reject(channel);
      else resolve(channel);
    };
    tell({ type: 'want-channel', ticket });
  });
}

/** Sleeps until the card has captured more, without ever blocking the turn in which packets arrive. */
async function followCard(capture: SharedRing): Promise<void> {
  while (!isOver) {
    const head = capture.head;
    engine?.work();
    if (capture.head !== head) continue;
    if (!('waitAsync' in Atomics)) await new Promise((resolve) => setTimeout(resolve, 1));
    else {
      const { async, value } = Atomics.waitAsync(capture.control, 0, head, WAIT_MS);
      // Even a head that moved meanwhile lets packets in before the next round.
      await (async ? value : new Promise((resolve) => setTimeout(resolve, 0)));
    }
  }
}
