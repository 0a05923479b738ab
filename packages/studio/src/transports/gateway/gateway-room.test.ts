import { nodeSealCrypto } from '@jamnet/jambox';
import { decodeHeader, hopKey, PACKET_TYPE, PeerSession, signHop, splitToken } from '@jamnet/toast';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { issueJoinToken } from '../../relay/join-token.ts';
import { startUdpRelay, type UdpRelay } from '../../relay/udp-relay.ts';
import type { PathEnd } from '../packet-path.ts';
import { PathHub } from './path-hub.ts';

const HOST = '127.0.0.1';
const TOKEN_KEY = new Uint8Array(32).fill(5);
const FRAMES = 64;
/** Where the header has the sender's seat (`toast`, SPEC.md §2). */
const STREAM_AT = 6;
const WAIT = { timeout: 30_000, interval: 5 };

const nowUs = (): number => (performance.timeOrigin + performance.now()) * 1000;

let relay: UdpRelay;
let hub: PathHub;
const pages: Page[] = [];

beforeEach(async () => {
  relay = await startUdpRelay({ host: HOST, port: 0, tokenKey: TOKEN_KEY });
  hub = new PathHub({ relay: { host: HOST, port: relay.port }, tokenKey: TOKEN_KEY, nowUs });
});

afterEach(async () => {
  pages.length = 0;
  hub.close('over');
  await relay.close();
});

/** A page whose carrier is a function call: the hub, the relay and the session behind it are the real ones. */
class Page {
  readonly session: PeerSession;
  readonly end: PathEnd;
  readonly token: { readonly wire: string; readonly secret: Uint8Array };
  readonly joinId: Uint8Array;
  /** Audio that came down to this page, as it was on the wire. */
  readonly heard: Uint8Array[] = [];
  #sent = 0;

  constructor(player: string, number: number) {
    const issued = issueJoinToken(TOKEN_KEY, { room: 'attic', player, expiresAtUs: 2 ** 52 });
    const parts = issued.ok ? splitToken(issued.value) : issued;
    if (!issued.ok || !parts.ok) throw new Error('the token was refused');
    this.token = parts.value;
    this.joinId = new Uint8Array(16).fill(number);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: issued.value,
      roomKey: new Uint8Array(32).fill(9),
      packetFrames: FRAMES,
      redundancyOffsets: [1],
      startWhenPlayers: 2,
      joinIdBytes: this.joinId,
      epoch: number,
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    this.session = session.value;
    const claim = hub.admit(this.token.wire);
    if (!claim.ok) throw new Error(claim.message);
    this.end = hub.open(claim.value, {
      kind: 'websocket',
      send: (bytes) => {
        const header = decodeHeader(bytes);
        if (header.ok && header.value.type === PACKET_TYPE.audio && this.heard.length < 64)
          this.heard.push(bytes.slice());
        this.session.datagram(nowUs(), bytes);
        return true;
      },
      close: () => undefined,
    });
    pages.push(this);
  }

  pump(): void {
    this.session.tick(nowUs());
    const { session } = this;
    for (let next = session.outgoing.shift(); next !== undefined; next = session.outgoing.shift())
      this.end.receive(next.bytes);
  }

  play(): void {
    this.session.sendAudio(nowUs(), new Int16Array(FRAMES).fill(++this.#sent), 0);
    this.pump();
  }
}

function pumpAll(): void {
  for (const page of pages) page.pump();
}

async function seated(...wanted: readonly Page[]): Promise<void> {
  await expect
    .poll(() => {
      pumpAll();
      return wanted.every(
        ({ session }) => session.phase === 'seated' && session.startAtUs > 0 && session.clock.isAgreed,
      );
    }, WAIT)
    .toBe(true);
}

/** Packets of `from` that `page` has. */
function newestOf(page: Page, from: string): number {
  return page.session.streams.find(({ member }) => member.player === from)?.newest ?? -1;
}

async function hears(page: Page, from: Page, name: string, beyond: number): Promise<void> {
  await expect
    .poll(() => {
      from.play();
      pumpAll();
      return newestOf(page, name);
    }, WAIT)
    .toBeGreaterThan(beyond);
}

test('a page that sends in another’s name reaches nobody: the relay counts it, and the others play on', async () => {
  const ada = new Page('Ada', 1);
  const bo = new Page('Bo', 2);
  const eve = new Page('Eve', 3);
  await seated(ada, bo, eve);
  await hears(bo, ada, 'Ada', 5);
  await expect
    .poll(() => {
      ada.play();
      pumpAll();
      return eve.heard.length;
    }, WAIT)
    .toBeGreaterThan(3);
  const copied = eve.heard[0] ?? new Uint8Array(0);
  const before = relay.stats();
  // Ada's own datagram, sent from Eve's seat.
  eve.end.receive(copied);
  // Eve's epoch and seat over Ada's sound, rightly signed for the relay with Eve's key: it passes there, and no listener can open it.
  const dressed = copied.slice();
  dressed[STREAM_AT] = ada.session.players.find(({ member }) => member.player === 'Eve')?.member.seat ?? 0xff;
  new DataView(dressed.buffer).setUint32(8, 3);
  const header = decodeHeader(dressed);
  if (!header.ok) throw new Error(header.message);
  const joinId = Buffer.from(eve.joinId).toString('hex');
  signHop(nodeSealCrypto, hopKey(nodeSealCrypto, eve.token.secret, joinId), dressed, header.value.bodyBytes);
  eve.end.receive(dressed);
  // And without a right signature.
  const unsigned = dressed.slice();
  unsigned[unsigned.length - 1] = (unsigned[unsigned.length - 1] ?? 0) ^ 1;
  eve.end.receive(unsigned);
  const refusedNow = (): number => {
    pumpAll();
    const after = relay.stats();
    return after.forged - before.forged + after.unknownSource - before.unknownSource;
  };
  await expect.poll(refusedNow, WAIT).toBe(2);
  const newest = newestOf(bo, 'Ada');
  await hears(bo, ada, 'Ada', newest + 5);
  // Bo was sent the dressed one, opened nothing of it, and lost nothing by it.
  const { forged, unknownStream, replayed } = bo.session.counters;
  expect(forged + unknownStream + replayed).toBe(1);
  expect(newestOf(bo, 'Eve')).toBe(-1);
});

test('the seat of a page that is gone without a goodbye is free again, and its name can return', async () => {
  const ada = new Page('Ada', 1);
  const bo = new Page('Bo', 2);
  await seated(ada, bo);
  expect(relay.stats().players).toBe(2);
  pages.splice(pages.indexOf(bo), 1);
  bo.end.closed();
  expect(hub.paths).toBe(1);
  await expect
    .poll(() => {
      pumpAll();
      return relay.stats().players;
    }, WAIT)
    .toBe(1);
  expect(relay.stats().timedOut).toBe(1);
  await expect
    .poll(() => {
      pumpAll();
      return ada.session.players.filter(({ receiver }) => receiver.isPresent).length;
    }, WAIT)
    .toBe(0);
  const again = new Page('Bo', 4);
  await seated(again);
  expect(relay.stats().players).toBe(2);
});
