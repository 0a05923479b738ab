import { type Chance, seededChance } from '@jamnet/base';
import { nodeSealCrypto, verifyEd25519 } from '@jamnet/jambox';
import {
  AudioBodyReader,
  AudioWriter,
  codedPlan,
  copiesPlan,
  decodeAudioBody,
  decodeControl,
  decodeHeader,
  decodeMidiBody,
  decodeStatsBody,
  decodeSyncBody,
  issueToken,
  PacketDump,
  PeerSession,
  Relay,
  StreamReceiver,
} from '@jamnet/toast';

const KEY = new Uint8Array(32).fill(7);
const NOW_US = 1_700_000_000_000_000;
/** Heap that a fuzz run may end with beyond its beginning, whatever its length: caches and counters, no packets. */
const GROWTH_BYTES_MAX = 32 << 20;

export interface FuzzVerdict {
  readonly packets: number;
  /** How many of each decoder's inputs it took for good. */
  readonly taken: Readonly<Record<string, number>>;
  readonly grownBytes: number;
  readonly faults: readonly string[];
}

/** Feeds random and mutated packets to every decoder, a relay, a peer and an unsealed stream; nothing may throw or grow. */
export function fuzzWire(seed: string, packets: number, collect?: () => void): FuzzVerdict {
  const chance = seededChance(seed);
  const relay = new Relay({ crypto: nodeSealCrypto, verify: verifyEd25519, tokenKey: KEY, cookieKey: KEY });
  const honest = honestPackets();
  const target = new FuzzTarget();
  collect?.();
  const before = process.memoryUsage().heapUsed;
  const faults: string[] = [];
  for (let i = 0; i < packets && faults.length === 0; i++) {
    const bytes = chance.below(4) === 0 ? randomBytes(chance) : mutated(chance, honest);
    try {
      target.feed(relay, bytes, chance);
    } catch (cause) {
      faults.push(`packet ${i} (${Buffer.from(bytes).toString('hex')}): ${String(cause)}`);
    }
  }
  collect?.();
  const grownBytes = process.memoryUsage().heapUsed - before;
  if (collect !== undefined && grownBytes > GROWTH_BYTES_MAX)
    faults.push(`the heap grew by ${grownBytes} bytes`);
  return { packets, taken: target.taken, grownBytes, faults };
}

class FuzzTarget {
  readonly taken: Record<string, number> = {};
  readonly #peer = openPeer();
  readonly #dump = new PacketDump(null);
  readonly #body = new AudioBodyReader();
  readonly #out = new Float32Array(64);
  readonly #stream = new StreamReceiver(
    {
      seat: 0,
      player: 'ada',
      joinId: 'a'.repeat(32),
      epoch: 1,
      founder: true,
      packets: null,
      consent: 0,
      keys: '',
    },
    { packetFrames: 64, reach: 3 },
  );
  #period = 0;

  feed(relay: Relay, bytes: Uint8Array, chance: Chance): void {
    relay.datagram(NOW_US, `10.0.${chance.below(9)}.${chance.below(250)}:5`, bytes);
    while (relay.outgoing.shift() !== undefined);
    this.#peer.datagram(NOW_US, bytes);
    this.#peer.datagram(NOW_US, bytes, `10.0.1.${chance.below(250)}:5`);
    this.#dump.line(bytes);
    const body = bytes.subarray(32);
    this.#count('header', decodeHeader(bytes).ok);
    this.#count('audio', decodeAudioBody(body).ok);
    // A control body is text to its end: the hop tag does not belong to it.
    this.#count('control', decodeControl(bytes.subarray(32, Math.max(32, bytes.length - 8))).ok);
    this.#count('sync', decodeSyncBody(body).ok);
    this.#count('midi', decodeMidiBody(body, chance.below(1_000_000)).ok);
    this.#count('stats', decodeStatsBody(body).ok);
    // As a member who holds the keys could send it.
    if (this.#body.read(body) === 0) {
      const sequence = this.#period + chance.below(200) - 100;
      if (sequence >= 0) this.#stream.put(sequence, sequence * 64, this.#body, body, 0, this.#period * 1333);
    }
    this.#stream.pull(this.#period++, this.#out);
    while (this.#stream.fresh.shift() !== undefined);
    if (!this.#out.every((sample) => Math.abs(sample) <= 1)) throw new Error('a sample beyond full scale');
  }

  #count(decoder: string, isTaken: boolean): void {
    if (isTaken) this.taken[decoder] = (this.taken[decoder] ?? 0) + 1;
  }
}

function openPeer(): PeerSession {
  const token = issueToken(nodeSealCrypto, KEY, { room: 'attic', player: 'ben', expiresAtUs: NOW_US + 1e9 });
  if (!token.ok) throw new Error(token.message);
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken: token.value,
    roomKey: KEY,
    packetFrames: 64,
    redundancyOffsets: [1],
    startWhenPlayers: 1,
    joinIdBytes: new Uint8Array(16),
    epoch: 5,
    consent: 0,
  });
  if (!session.ok) throw new Error(session.message);
  session.value.offerDirect(NOW_US, ['10.0.0.9:5']);
  session.value.tick(NOW_US);
  return session.value;
}

/** A header's length of zeros before bodies of every kind, and a join. */
function honestPackets(): Uint8Array[] {
  const found: Uint8Array[] = [];
  const join = openPeer().outgoing.shift()?.bytes;
  if (join !== undefined) found.push(join);
  for (const [mayPack, plan] of [
    [false, copiesPlan([1, 3])],
    [true, copiesPlan([1, 2, 3])],
    [false, codedPlan(2, 5)],
    [true, codedPlan(3, 8)],
  ] as const) {
    const writer = new AudioWriter({ frames: 64, sampleBytes: 2, mayPack });
    for (let index = 0; index < 12; index++)
      writer.keep(
        index,
        Int16Array.from({ length: 64 }, (_, i) => 9000 * Math.sin(0.1 * (64 * index + i))),
      );
    const bytes = new Uint8Array(1200);
    const length = writer.write(bytes.subarray(32), 11, 12, plan, 5);
    found.push(bytes.slice(0, 32 + length));
  }
  const midi = new Uint8Array(32 + 12 + 16);
  midi.set([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 5, 3, 0x90, 60, 1, 0, 0, 0, 1, 3, 0x80, 60, 1], 32);
  const stats = new Uint8Array(32 + 72);
  stats[32] = 1;
  const sync = new Uint8Array(32 + 36);
  sync[32] = 2;
  return [...found, midi, stats, sync];
}

function randomBytes(chance: Chance): Uint8Array {
  return Uint8Array.from({ length: chance.below(300) }, () => chance.below(256));
}

function mutated(chance: Chance, honest: readonly Uint8Array[]): Uint8Array {
  const source = honest[chance.below(honest.length)] ?? new Uint8Array();
  const copy = source.slice(0, chance.below(8) === 0 ? chance.below(source.length + 1) : source.length);
  if (copy.length > 0)
    for (let i = chance.below(4); i > 0; i--) {
      // Mostly where the fields are.
      const reach = chance.below(2) === 0 ? Math.min(copy.length, 70) : copy.length;
      copy[chance.below(reach)] = chance.below(256);
    }
  return copy;
}
