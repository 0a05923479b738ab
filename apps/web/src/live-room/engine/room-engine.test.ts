import { issueToken, PeerSession, Relay } from '@jamnet/toast';
import { expect, test } from 'vitest';
import { newRingBuffer, SharedRing } from '../audio/shared-ring.ts';
import { browserSealCrypto } from '../seal/browser-seal-crypto.ts';
import { makePageIdentity, type PageIdentity } from '../seal/page-identity.ts';
import { RoomEngine } from './room-engine.ts';

const FRAMES = 128;
const TOKEN_KEY = new Uint8Array(32).fill(3);
const PACKET_US = (FRAMES / 48_000) * 1e6;
const BORN_US = 1_700_000_000_000_000;

function proofs(page: PageIdentity | undefined) {
  return page === undefined ? {} : { identity: page.identity, defersProofs: page.prover !== null };
}

/** Pages' engines at one relay in virtual time; what one sends arrives at once. */
class Pages {
  nowUs = BORN_US;
  readonly relay = new Relay({
    crypto: browserSealCrypto,
    verify: () => false,
    tokenKey: TOKEN_KEY,
    cookieKey: new Uint8Array(32).fill(4),
  });
  readonly pages = new Map<string, { engine: RoomEngine; capture: SharedRing; playout: SharedRing }>();
  readonly keysHeard: number[][] = [];
  /** Addresses of which nothing reaches the relay. */
  readonly cutOff = new Set<string>();

  constructor() {
    this.relay.tick(BORN_US - 10_000_000);
  }

  add(
    player: string,
    part: 'sound' | 'keys' | 'listens',
    { over, identity }: { over?: (code: string) => void; identity?: PageIdentity } = {},
  ): RoomEngine {
    const token = issueToken(browserSealCrypto, TOKEN_KEY, {
      room: 'attic',
      player,
      expiresAtUs: BORN_US + 1e9,
    });
    const number = this.pages.size + 1;
    const session = PeerSession.open({
      crypto: browserSealCrypto,
      joinToken: token.ok ? token.value : '',
      roomKey: new Uint8Array(32).fill(9),
      packetFrames: FRAMES,
      redundancyOffsets: [1, 3],
      startWhenPlayers: 1,
      listens: part === 'listens',
      ...proofs(identity),
      joinIdBytes: new Uint8Array(16).fill(number),
      epoch: number,
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    const [capture, playout] = [new SharedRing(newRingBuffer()), new SharedRing(newRingBuffer())];
    const engine = new RoomEngine({
      session: session.value,
      prover: identity?.prover ?? null,
      capture,
      playout,
      packetFrames: FRAMES,
      followDrift: false,
      hasSource: part === 'sound',
      reach: 3,
      nowUs: () => this.nowUs,
      over: over ?? ((code) => expect.unreachable(code)),
      midi: (message) => this.keysHeard.push([...message]),
      newId: () => 7,
    });
    const address = `10.0.0.${number}:5`;
    engine.path = {
      kind: 'websocket',
      send: (bytes) => {
        if (this.cutOff.has(address)) return true;
        this.relay.datagram(this.nowUs, address, bytes);
        return true;
      },
      close: () => undefined,
    };
    this.pages.set(address, { engine, capture, playout });
    return engine;
  }

  /** Lets cards and network run until it holds, a minute at the most. */
  runUntil(holds: () => boolean): void {
    const captured = new Float32Array(FRAMES).fill(0.25);
    const played = new Float32Array(FRAMES);
    const endUs = this.nowUs + 60e6;
    while (!holds() && this.nowUs < endUs) {
      this.nowUs += PACKET_US;
      for (const { engine, capture, playout } of this.pages.values()) {
        capture.write(captured);
        playout.read(played);
        engine.work();
        engine.tick();
      }
      for (let next = this.relay.outgoing.shift(); next !== undefined; next = this.relay.outgoing.shift())
        this.pages.get(next.to)?.engine.packet(next.bytes);
    }
    expect(holds()).toBe(true);
  }
}

test('a keyboard alone sends no sound, hears the others, and its keys are heard', () => {
  const room = new Pages();
  const ada = room.add('ada', 'sound');
  const bo = room.add('bo', 'keys');
  const heardBy = (engine: RoomEngine) => engine.report('websocket').players[0]?.packets ?? 0;
  room.runUntil(() => heardBy(bo) > 200);
  const [adas, bos] = [ada.report('websocket'), bo.report('websocket')];
  expect(adas.sentPackets).toBeGreaterThan(200);
  expect(bos.sentPackets).toBe(0);
  expect([adas.inputLevel, bos.inputLevel]).toEqual([0.25, null]);
  expect(adas.players[0]).toMatchObject({ player: 'bo', packets: 0, lostPercent: 0 });
  bo.sendMidi(Uint8Array.of(0x90, 60, 100));
  room.runUntil(() => room.keysHeard.length > 0);
  expect(room.keysHeard).toEqual([[0x90, 60, 100]]);
});

test('lost strokes of a keyboard without sound are heard at their forecast time, and the click follows who plays ahead', () => {
  const room = new Pages();
  const ada = room.add('ada', 'keys');
  const bo = room.add('bo', 'sound');
  const beatsOf = (engine: RoomEngine) => engine.report('websocket').beat;
  room.runUntil(() => ada.report('websocket').phase === 'playing');
  ada.setBeat({ tempoBpm: 120, beatsPerBar: 4, isRunning: true });
  room.runUntil(() => beatsOf(bo)?.isRunning === true);
  bo.click.setMode('band');
  const [BEAT_US, AHEAD_US] = [500_000, 20_000];
  const bornUs = room.nowUs;
  const atUs = (us: number): void => room.runUntil(() => room.nowUs >= bornUs + us);
  // A kick near each beat; the place of the beat does not matter to who only listens for what is steady.
  room.runUntil(() => beatsOf(bo)?.bar === 1);
  const begunUs = room.nowUs - bornUs + BEAT_US - AHEAD_US;
  const strike = (beat: number): void => {
    atUs(begunUs + beat * BEAT_US);
    ada.sendMidi(Uint8Array.of(0x99, 36, 100));
    atUs(begunUs + beat * BEAT_US + 50_000);
    ada.sendMidi(Uint8Array.of(0x89, 36, 0));
  };
  const kicks = () => room.keysHeard.filter(([status]) => status === 0x99).length;
  for (let beat = 0; beat < 16; beat++) strike(beat);
  expect(kicks()).toBe(16);
  const band = beatsOf(bo)?.band;
  expect(band?.isLed).toBe(true);
  expect(Math.abs((band?.offsetUs ?? 0) + AHEAD_US)).toBeLessThan(8_000);
  expect(beatsOf(ada)?.band).toBeNull();
  room.cutOff.add('10.0.0.1:5');
  for (let beat = 16; beat < 19; beat++) strike(beat);
  room.cutOff.delete('10.0.0.1:5');
  const players = bo.report('websocket').players.find(({ player }) => player === 'ada');
  expect(players?.foretold).toBe(3);
  for (let beat = 19; beat < 22; beat++) strike(beat);
  // The lost ones come behind the next, too late to be struck again.
  expect(kicks()).toBe(22);
});

test('a room plays from its first sample on, and a note has its place from then', () => {
  const room = new Pages();
  const ada = room.add('ada', 'sound');
  const bo = room.add('bo', 'keys');
  const phase = () => ada.report('websocket').phase;
  room.runUntil(() => phase() === 'playing' && bo.report('websocket').phase === 'playing');
  ada.sendMidi(Uint8Array.of(0x90, 64, 1));
  room.runUntil(() => room.keysHeard.length > 0);
  expect(room.keysHeard).toEqual([[0x90, 64, 1]]);
});

test('who only listens hears the players, is shown as a listener, and its keys go nowhere', () => {
  const room = new Pages();
  const eve = room.add('eve', 'listens');
  const bo = room.add('bo', 'listens');
  const names = (engine: RoomEngine) => engine.report('websocket').listeners;
  room.runUntil(() => names(bo).length > 0);
  // Nobody plays: the room has not begun.
  expect(bo.report('websocket')).toMatchObject({ phase: 'waiting', players: [] });
  const ada = room.add('ada', 'sound');
  const heardBy = (engine: RoomEngine) => engine.report('websocket').players[0]?.packets ?? 0;
  room.runUntil(() => heardBy(bo) > 200 && heardBy(eve) > 200);
  expect(ada.report('websocket')).toMatchObject({ players: [], listeners: ['eve', 'bo'] });
  expect(bo.report('websocket')).toMatchObject({ inputLevel: null, sentPackets: 0, listeners: ['eve'] });
  bo.sendMidi(Uint8Array.of(0x90, 60, 100));
  ada.sendMidi(Uint8Array.of(0x90, 61, 100));
  room.runUntil(() => room.keysHeard.length === 2);
  expect(room.keysHeard).toEqual([
    [0x90, 61, 100],
    [0x90, 61, 100],
  ]);
});

test('the seventeenth player finds no seat, and one to listen from', () => {
  const room = new Pages();
  const players = Array.from({ length: 16 }, (_, i) => room.add(`player ${i}`, 'keys'));
  const codes: string[] = [];
  const late = room.add('late', 'keys', { over: (code) => codes.push(code) });
  room.runUntil(() => codes.length > 0);
  expect(codes).toEqual(['room-full']);
  expect(late.report('websocket').phase).not.toBe('playing');
  const listener = room.add('late', 'listens');
  room.runUntil(() => listener.report('websocket').players.length === 16);
  expect(players[0]?.report('websocket').listeners).toEqual(['late']);
});

test('pages vouch for their streams to each other, by WebCrypto and beside the music', async () => {
  const room = new Pages();
  const [adas, bos] = [await makePageIdentity(), await makePageIdentity()];
  expect(adas.prover).not.toBeNull();
  const ada = room.add('ada', 'sound', { identity: adas });
  const bo = room.add('bo', 'sound', { identity: bos });
  for (const engine of [ada, bo])
    await expect
      .poll(
        () => {
          // Signatures come in turns of the real loop, packets in virtual time.
          const endUs = room.nowUs + 40 * PACKET_US;
          room.runUntil(() => room.nowUs >= endUs);
          return engine.report('websocket').players[0]?.verified ?? 0;
        },
        { interval: 1, timeout: 60_000 },
      )
      .toBeGreaterThan(96);
  expect(ada.report('websocket').players[0]).toMatchObject({ player: 'bo', isSigned: true, forged: 0 });
});
