import { createDecipheriv, createHmac, createPublicKey, verify } from 'node:crypto';

/**
 * A second decoder, written from SPEC.md's text alone: it shares no code with the package, takes its time, and throws a
 * {@link Refused} with the step at which a datagram fails.
 */
export class Refused extends Error {
  readonly step: 'hop-tag' | 'seal' | 'body';

  constructor(step: Refused['step']) {
    super(step);
    this.step = step;
  }
}

export interface SpecKeys {
  readonly joinId: string;
  readonly roomKeyHex: string;
  readonly hopSecretHex: string;
  readonly signKeyHex: string;
}

const hmac = (key: Buffer, message: Buffer): Buffer => createHmac('sha256', key).update(message).digest();

/** §3: each text as UTF-8 with its length in two bytes before it. */
function lengths(...texts: string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      return [Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes];
    }),
  );
}

function need(isSo: boolean): void {
  if (!isSo) throw new Refused('body');
}

function number64(bytes: Buffer, at: number): number {
  need(at + 8 <= bytes.length);
  const value = bytes.readBigUInt64BE(at);
  need(value < 2n ** 53n);
  return Number(value);
}

/** The content of one datagram, in the words of `vectors/packets.json`. */
export function specDecode(keys: SpecKeys, bytes: Buffer): unknown {
  const type = bytes[5] ?? 0;
  const isSealed = ((bytes[7] ?? 0) & 1) === 1;
  const bodyEnd = 32 + bytes.readUInt16BE(28);
  const signedEnd = bodyEnd + (((bytes[7] ?? 0) & 2) === 0 ? 0 : 2);
  need(signedEnd + 8 <= bytes.length);
  const hopKey = hmac(Buffer.from(keys.hopSecretHex, 'hex'), lengths('jamnet/toast/hop/v3', keys.joinId));
  const tag = hmac(hopKey, bytes.subarray(0, signedEnd)).subarray(0, 8);
  if (!tag.equals(bytes.subarray(signedEnd, signedEnd + 8))) throw new Refused('hop-tag');
  const body = isSealed ? unsealed(keys, type, bytes, bodyEnd) : bytes.subarray(32, bodyEnd);
  const sequence = number64(bytes, 12);
  const sampleTime = number64(bytes, 20);
  if (type === 1) return audio(body, sequence);
  if (type === 2) return midi(body, sampleTime);
  if (type === 3) return sync(body);
  if (type === 4) return JSON.parse(body.toString('utf8'));
  if (type === 5) return body[0] === 2 ? signature(keys, body) : stats(body);
  return probe(body);
}

/** §1, §9: the seats that have the datagram already, in ascending order. */
export function specHeld(bytes: Buffer): number[] {
  if (((bytes[7] ?? 0) & 2) === 0) return [];
  const bits = bytes.readUInt16BE(32 + bytes.readUInt16BE(28));
  return Array.from({ length: 16 }, (_, seat) => seat).filter((seat) => bits & (1 << seat));
}

function unsealed(keys: SpecKeys, type: number, bytes: Buffer, bodyEnd: number): Buffer {
  const roomKey = Buffer.from(keys.roomKeyHex, 'hex');
  const key = hmac(roomKey, lengths('jamnet/toast/sender/v3', keys.joinId, String(type)));
  const gcm = createDecipheriv('aes-256-gcm', key, bytes.subarray(8, 20));
  gcm.setAAD(bytes.subarray(0, 32));
  gcm.setAuthTag(bytes.subarray(bodyEnd - 16, bodyEnd));
  try {
    return Buffer.concat([gcm.update(bytes.subarray(32, bodyEnd - 16)), gcm.final()]);
  } catch {
    throw new Refused('seal');
  }
}

interface SpecAudio {
  readonly frames: number;
  readonly bits: number;
  readonly sentAtUs: number;
  readonly blocks: { readonly offset: number; readonly samples: number[] }[];
  readonly repair: { readonly symbols: number; readonly offsets: number[] } | null;
  /** The repair symbols' bytes and the datagram's sequence, for {@link specSymbol}. */
  readonly symbolBytes: Buffer[];
  readonly sequence: number;
}

/** §4. */
function audio(body: Buffer, sequence: number): SpecAudio {
  const [format = 0, count = 0] = body;
  const frames = body.readUInt16BE(2);
  need(count <= 8 && frames >= 16 && frames <= 512 && (format === 1 || format === 2));
  const common = { frames, sentAtUs: number64(body, 4), sequence };
  const blocks: SpecAudio['blocks'] = [];
  if (format === 1) {
    for (let i = 0; i < count; i++) {
      const at = 12 + 2 * count + i * 2 * frames;
      blocks.push({ offset: body[12 + 2 * i] ?? 0, samples: pcm(body.subarray(at, at + 2 * frames), 2) });
    }
    return { ...common, bits: 16, blocks, repair: null, symbolBytes: [] };
  }
  const [width = 0, symbols = 0, covered = 0] = body.subarray(12);
  let at = 16 + 4 * count + covered;
  for (let i = 0; i < count; i++) {
    const entry = body.subarray(16 + 4 * i);
    const bytes = body.subarray(at, at + entry.readUInt16BE(2));
    at += bytes.length;
    const samples = entry[1] === 0 ? pcm(bytes, width) : unpacked(bytes, frames, 8 * width);
    blocks.push({ offset: entry[0] ?? 0, samples });
  }
  const symbolBytes = Array.from({ length: symbols }, (_, j) =>
    body.subarray(at + j * frames * width, at + (j + 1) * frames * width),
  );
  const offsets = [...body.subarray(16 + 4 * count, 16 + 4 * count + covered)];
  const repair = symbols === 0 ? null : { symbols, offsets };
  return { ...common, bits: 8 * width, blocks, repair, symbolBytes };
}

function pcm(bytes: Buffer, width: number): number[] {
  return Array.from({ length: bytes.length / width }, (_, i) => bytes.readIntLE(i * width, width));
}

/** §4, packed block. */
function unpacked(bytes: Buffer, frames: number, width: number): number[] {
  const [order = 99, rice = 99] = bytes;
  need(order <= 4 && rice <= 22);
  const bits = [...bytes.subarray(2)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const take = (count: number): number => {
    need(at + count <= bits.length);
    at += count;
    return count === 0 ? 0 : Number.parseInt(bits.slice(at - count, at), 2);
  };
  const samples: number[] = [];
  for (let i = 0; i < frames; i++) {
    if (i < order) {
      const raw = take(width);
      samples.push(raw >= 2 ** (width - 1) ? raw - 2 ** width : raw);
      continue;
    }
    let ones = 0;
    while (ones < 24 && take(1) === 1) ones++;
    const folded = ones === 24 ? take(width + 5) : ones * 2 ** rice + take(rice);
    const residual = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    // The polynomial through the last `order` samples, one further: its finite difference of that order is 0.
    let forecast = 0;
    for (let k = 1; k <= order; k++) forecast -= (-1) ** k * choose(order, k) * (samples[i - k] ?? 0);
    samples.push(forecast + residual);
  }
  need(samples.every((sample) => sample >= -(2 ** (width - 1)) && sample < 2 ** (width - 1)));
  return samples;
}

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k;
}

/** §4: what symbol j of datagram s must be, of the packets that it covers. */
export function specSymbol(
  s: number,
  j: number,
  packets: ReadonlyMap<number, readonly number[]>,
  width: number,
): Buffer {
  let symbol: number[] = [];
  for (const [p, samples] of packets) {
    const c = over((128 + ((4 * (s % 32) + j) % 128)) ^ (p % 128));
    const bytes = Buffer.alloc(samples.length * width);
    for (const [i, sample] of samples.entries()) bytes.writeIntLE(sample, i * width, width);
    symbol = [...bytes].map((byte, i) => (symbol[i] ?? 0) ^ times(c, byte));
  }
  return Buffer.from(symbol);
}

function times(a: number, b: number): number {
  let sum = 0;
  for (let bit = 7; bit >= 0; bit--) {
    sum <<= 1;
    if (sum & 256) sum ^= 0x11d;
    if ((b >> bit) & 1) sum ^= a;
  }
  return sum;
}

function over(a: number): number {
  let b = 1;
  while (times(a, b) !== 1) b++;
  return b;
}

/** §4a. */
function midi(body: Buffer, sampleTime: number): unknown {
  need(body.length >= 12 && body[0] === 1 && (body[1] ?? 99) <= 16);
  const count = body[1] ?? 0;
  const first = number64(body, 4);
  need(12 + 8 * count <= body.length);
  const events = Array.from({ length: count }, (_, i) => {
    const event = body.subarray(12 + 8 * i, 20 + 8 * i);
    const atSample = sampleTime - event.readUInt32BE(0);
    const length = event[4] ?? 0;
    const message = event.subarray(5, 5 + length);
    const status = message[0] ?? 0;
    need(length >= 1 && length <= 3 && atSample >= 0 && status >= 0x80 && status !== 0xf0 && status !== 0xf7);
    return { atSample, message: message.toString('hex') };
  });
  return { first, events };
}

const STATS_FIELDS =
  'datagramsExpected datagramsLost lossRuns packetsPlayed packetsRecovered packetsConcealed packetsLate lateUsP50 lateUsP99 lateUsP999 inputUs networkUs bufferUs outputUs clockErrorUs';

/** §4b. */
function stats(body: Buffer): unknown {
  need(body.length >= 72 && body[0] === 1);
  const fields = STATS_FIELDS.split(' ').map((name, i) => [name, body.readUInt32BE(8 + 4 * i)]);
  return {
    seat: body[1],
    epoch: body.readUInt32BE(4),
    ...Object.fromEntries(fields),
    driftCentiPpm: body.readInt32BE(68),
  };
}

/** §3, signature: answers the hashes that the owner vouches for. */
function signature(keys: SpecKeys, body: Buffer): { first: number; hashes: string[] } {
  const end = 12 + 32 * 8;
  const der = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(keys.signKeyHex, 'hex'),
  ]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const message = Buffer.concat([lengths('jamnet/toast/stream/v3', keys.joinId), body.subarray(0, end)]);
  need(body[1] === 32 && verify(null, message, key, body.subarray(end, end + 64)));
  const hashes = Array.from({ length: 32 }, (_, i) => body.toString('hex', 12 + 8 * i, 20 + 8 * i));
  return { first: number64(body, 4), hashes };
}

/** §3: what a signature lists of a datagram's header and body. */
export function specHash(signed: Buffer): string {
  return hmac(Buffer.alloc(32), signed).toString('hex', 0, 8);
}

/** §5. */
function sync(body: Buffer): unknown {
  need(body.length >= 36);
  const roomVersion = body.readUInt32BE(4);
  const t0Us = number64(body, 8);
  if (body[0] === 1) return { kind: 'request', ready: ((body[1] ?? 0) & 1) === 1, roomVersion, t0Us };
  need(body[0] === 2);
  return { kind: 'answer', roomVersion, t0Us, t1Us: number64(body, 16), t2Us: number64(body, 24) };
}

/** §9. */
function probe(body: Buffer): unknown {
  need(body.length >= 32 && body[0] === 1);
  const flags = body[1] ?? 0;
  return {
    challenge: body.toString('hex', 4, 12),
    echo: flags & 1 ? body.toString('hex', 12, 20) : null,
    heldUs: body.readUInt32BE(20),
    isUnproved: (flags & 2) !== 0,
    relayTripUs: body.readUInt32BE(24),
    taken: body.readUInt32BE(28),
  };
}
