import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { fromHex } from '@jamnet/base';
import { localNowUs, nodeSealCrypto } from '@jamnet/jambox';
import { PeerSession } from '@jamnet/toast';
import { makePlayerKeys, nodeIdentity } from '../../apps/jambox/src/identity/node-identity.ts';

const TICK_MS = 5;

/** A native peer in this process that comes in by a room link; it plays a level once it is told to. */
export class NativeGuest {
  readonly session: PeerSession;
  plays = false;
  readonly #packetFrames: number;
  #baseSample = -1;
  readonly #socket: Socket;
  readonly #relay: { readonly host: string; readonly port: number };
  readonly #ticking: NodeJS.Timeout;

  static async enter(link: string, player: string): Promise<NativeGuest> {
    const { origin, hash } = new URL(link);
    const answer = await fetch(`${origin}/api/room/enter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invitation: hash.replace('#join=', ''), player, returnKey: '' }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return new NativeGuest((await answer.json()) as EnterAnswer); // our own studio's answer
  }

  private constructor({ joinToken, roomKeyHex, packetFrames, relay }: EnterAnswer) {
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      identity: nodeIdentity(makePlayerKeys()),
      joinToken,
      roomKey: fromHex(roomKeyHex) ?? new Uint8Array(0),
      packetFrames,
      redundancyOffsets: [1, 3],
      startWhenPlayers: 1,
      joinIdBytes: randomBytes(16),
      epoch: randomBytes(4).readUInt32LE(),
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    this.session = session.value;
    this.#packetFrames = packetFrames;
    this.#relay = relay;
    this.#socket = createSocket('udp4');
    this.#socket.on('message', (bytes) => {
      this.session.datagram(localNowUs(), bytes);
      this.#settle();
    });
    this.#ticking = setInterval(() => {
      this.session.tick(localNowUs());
      if (this.plays) this.#play();
      this.#settle();
    }, TICK_MS);
  }

  get isSeated(): boolean {
    return this.session.phase === 'seated';
  }

  close(): void {
    clearInterval(this.#ticking);
    this.#socket.close();
  }

  /** A steady level, packet by packet as the room's time goes on. */
  #play(): void {
    const { session } = this;
    const now = session.sampleAt(localNowUs());
    if (now < 0) return;
    if (this.#baseSample < 0) this.#baseSample = now - (now % this.#packetFrames);
    const due = Math.floor((now - this.#baseSample) / this.#packetFrames);
    const pcm = new Int16Array(this.#packetFrames).fill(1000);
    while (session.packetsSent < due) session.sendAudio(localNowUs(), pcm, this.#baseSample);
  }

  #settle(): void {
    const { outgoing, events } = this.session;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift())
      this.#socket.send(next.bytes, this.#relay.port, this.#relay.host);
    while (events.shift() !== undefined);
  }
}

interface EnterAnswer {
  readonly joinToken: string;
  readonly roomKeyHex: string;
  readonly packetFrames: number;
  readonly relay: { readonly host: string; readonly port: number };
}
