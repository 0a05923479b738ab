import { benchWave, type NodeKey, nodeKeyFromSeed, payeeOf, platformSha256 } from '@jamnet/jamnode';
import {
  commitBytes,
  commitToResult,
  encodeNodeMessage,
  type LeasedWire,
  MESH_PROTOCOL,
  type NodeMessage,
  parseStudioMessage,
  proofBytes,
  type StudioMessage,
} from '@jamnet/mesh';
import { WebSocket } from 'ws';

/**
 * The hosts of `benchMesh`, all in this one process: they register with keys of their own, beat, and the first `workers`
 * compute. The argument is {@link GeneratorOptions} in JSON; one JSON line on stdout per step.
 */
export interface GeneratorOptions {
  readonly url: string;
  readonly hosts: number;
  readonly workers: number;
  readonly heartbeatMs: number;
  /** Number of the first host, from which its key follows; default 0. */
  readonly firstHost?: number;
  /** Hosts without work ask for it so often, as nodes do; default: only when they are told of some. */
  readonly askMs?: number;
  /** Leases, commitments and results per message. */
  readonly batch: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as GeneratorOptions; // Our own parent wrote it.
const FIRST_HOST = options.firstHost ?? 0;
const KINDS = [{ kind: benchWave.kind, version: benchWave.version }];
/** Handshakes under way at once. */
const OPENING_MAX = 64;

/** From asking for work until it was there, of each call that got some. */
const dispatchesMs: number[] = [];

class BenchHost {
  readonly #socket: WebSocket;
  readonly #key: NodeKey;
  readonly #works: boolean;
  #node = '';
  #call = 0;
  #items: { lease: LeasedWire; result: Uint8Array }[] = [];
  /** One call at a time: a second batch would take the place of the first. */
  #isAsking = false;
  #askedAtMs = 0;
  readonly opened: Promise<void>;

  constructor(index: number) {
    this.#key = nodeKeyFromSeed(
      Buffer.from(platformSha256(Buffer.from(`bench host ${index}`))).toString('hex'),
    );
    this.#works = index - FIRST_HOST < options.workers;
    const claim = {
      publicKey: this.#key.publicKey,
      name: `bench ${index}`,
      ownerGroup: `bench ${index}`,
      payee: payeeOf(this.#key),
    };
    this.#socket = new WebSocket(options.url, { perMessageDeflate: false });
    this.opened = new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('open', () => this.#say({ type: 'hello', protocol: MESH_PROTOCOL, claim }));
      this.#socket.on('message', (data) => {
        const message = parseStudioMessage(String(data));
        if (!message.ok) return reject(new Error(message.message));
        if (message.value.type === 'challenge') {
          const signature = hex(this.#key.sign(proofBytes(message.value.nonce, claim)));
          return this.#say({ type: 'prove', signature });
        }
        if (message.value.type === 'welcome') {
          this.#node = message.value.node;
          const ready = {
            slots: 1,
            kinds: KINDS,
            operationsPerSecond: '1',
            device: 'bench',
            grooveSessions: 0,
          };
          this.#say({ type: 'ready', ...ready });
          return resolve();
        }
        this.#work(message.value);
      });
    });
  }

  beat(): void {
    this.#say({ type: 'heartbeat', running: this.#works ? 1 : 0 });
  }

  lease(): void {
    if (!this.#works || this.#isAsking || this.#items.length > 0) return;
    this.#isAsking = true;
    this.#askedAtMs = performance.now();
    this.#say({ type: 'lease', call: ++this.#call, limit: options.batch });
  }

  /** leased → committed → revealed → leased: one batch after the other. */
  #work(message: StudioMessage): void {
    if (message.type === 'leased' || message.type === 'refused') this.#isAsking = false;
    if (message.type === 'work-waiting') this.lease();
    else if (message.type === 'leased' && message.tasks.length > 0) {
      dispatchesMs.push(performance.now() - this.#askedAtMs);
      this.#commit(message.tasks);
    } else if (message.type === 'committed') {
      const items = this.#items.map(({ lease, result }) => ({
        task: lease.task,
        lease: lease.lease,
        result,
      }));
      this.#say({ type: 'reveal', call: ++this.#call, items });
    } else if (message.type === 'revealed') {
      this.#items = [];
      this.lease();
    }
  }

  #commit(tasks: readonly LeasedWire[]): void {
    this.#items = tasks.flatMap((lease) => {
      const result = benchWave.run(Buffer.from(lease.input, 'base64'));
      return result.ok ? [{ lease, result: result.value }] : [];
    });
    const items = this.#items.map(({ lease, result }) => {
      const { resultHash, chunkHashes } = commitToResult(platformSha256, result, lease.chunkCount);
      return { task: lease.task, lease: lease.lease, resultHash, chunkHashes: [...chunkHashes] };
    });
    this.#say({
      type: 'commit',
      call: ++this.#call,
      items,
      signature: hex(this.#key.sign(commitBytes(this.#node, items))),
    });
  }

  #say(message: NodeMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeNodeMessage(message));
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

// Its input ends when the bench does, however that ends. A line on it asks for what was measured since the last one.
process.stdin
  .on('data', () =>
    process.stdout.write(`${JSON.stringify({ type: 'dispatches', ms: dispatchesMs.splice(0) })}\n`),
  )
  .on('end', () => process.exit(0));

const hosts: BenchHost[] = [];

/**
 * Each host beats once in `heartbeatMs` from its own arrival on, by the time that went by: on a loaded machine calls come
 * late. A round over a list that grows would starve the first, while others arrive as fast as it goes on.
 */
const beats: { host: BenchHost; dueMs: number }[] = [];
const SLICE_MS = 50;
setInterval(() => {
  const nowMs = performance.now();
  for (let first = beats[0]; first && first.dueMs <= nowMs; first = beats[0]) {
    beats.shift();
    first.host.beat();
    beats.push({ host: first.host, dueMs: nowMs + options.heartbeatMs });
  }
}, SLICE_MS);

for (let start = 0; start < options.hosts; start += OPENING_MAX) {
  const opening = Array.from(
    { length: Math.min(OPENING_MAX, options.hosts - start) },
    (_, n) => new BenchHost(FIRST_HOST + start + n),
  );
  await Promise.all(opening.map((host) => host.opened));
  hosts.push(...opening);
  const dueMs = performance.now() + options.heartbeatMs;
  beats.push(...opening.map((host) => ({ host, dueMs })));
}
process.stdout.write('{"type":"connected"}\n');

if (options.askMs !== undefined)
  setInterval(() => {
    for (const host of hosts.slice(0, options.workers)) host.lease();
  }, options.askMs);
