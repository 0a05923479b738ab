/**
 * The workload this repository proposes for itself: it puts the pure packages to the work users give them, on input drawn
 * from a fixed seed, and prints one line with a hash for each and one over all. No clock, chance, network or file.
 *
 * Packages are loaded by path and one at a time. One that does not exist, or whose exercise here is out of date, prints a
 * line that says so: it then earns nothing until the exercise is mended, and the others earn all the same.
 */
import { createHash } from 'node:crypto';
import {
  canonicalJson,
  formatAmount,
  parseAmount,
  Ring,
  seededChance,
  toBase64,
  toHex,
} from '../../base/src/index.ts';

type Exercise = (say: (part: string | number | bigint | boolean | Uint8Array) => void) => Promise<void>;

const RATE_HZ = 48_000;

/** A short piece: three decaying partials struck twice a second, with a little noise. */
function playedSignal(frames: number): Float32Array {
  const chance = seededChance('played');
  const signal = new Float32Array(frames);
  for (let n = 0; n < frames; n++) {
    const phase = n % 24_000;
    let sample = 0;
    for (const partial of [1, 2, 3])
      sample += Math.sin((2 * Math.PI * 220 * partial * n) / RATE_HZ) / partial;
    signal[n] = 0.3 * sample * (1 - phase / 24_000) + 0.001 * (chance.unit() - 0.5);
  }
  return signal;
}

/** Coarse enough that the last bits of floating point never show: sixty-four steps, with the step's edge kept away. */
function coarse(signal: Float32Array): Int16Array {
  return Int16Array.from(signal, (sample) => Math.round(sample * 32));
}

const base: Exercise = async (say) => {
  const chance = seededChance('base');
  const ring = new Ring<string>(64);
  for (let i = 0; i < 500; i++) {
    const amount = BigInt(chance.below(1_000_000_000));
    const parsed = parseAmount(formatAmount(amount, 'JAM'), 'JAM');
    if (
      !ring.push(
        canonicalJson({ amount, isSame: parsed.ok && parsed.value === amount, draw: chance.uint32() }),
      )
    )
      ring.shift();
  }
  for (let line = ring.shift(); line !== undefined; line = ring.shift()) say(line);
  say(toBase64(Uint8Array.from({ length: 1000 }, () => chance.below(256))));
};

const jdat: Exercise = async (say) => {
  const { decodeTake, decodeWav, encodeWav, takeHash, takeText, takePcm, toInt16 } = await import(
    '../../jdat/src/index.ts'
  );
  const samples = toInt16(playedSignal(RATE_HZ));
  const header = {
    jdat: 1,
    room: 'room',
    player: 'one',
    role: 'heard',
    from: 'two',
    sampleRateHz: RATE_HZ,
    packetFrames: 128,
    startedAtUs: 1_700_000_000_000_000n,
    consent: { record: true, train: true, strangers: false },
  } as const;
  const records = [
    { type: 'audio', atSample: 0, samples: samples.subarray(0, 24_000) },
    { type: 'span', atSample: 4_800, frames: 128, fate: 'concealed' },
    { type: 'midi', atSample: 9_600, message: Uint8Array.of(0x90, 60, 100) },
    { type: 'audio', atSample: 24_000, samples: samples.subarray(24_000) },
  ] as const;
  const text = takeText(header, records);
  const decoded = decodeTake(text.split('\n'));
  if (!decoded.ok) throw new Error(decoded.message);
  say(takeHash(text));
  say(takePcm(decoded.value).samples.length);
  const wav = decodeWav(
    encodeWav({ sampleRateHz: RATE_HZ, channels: [playedSignal(4_800)] }, { bitsPerSample: 16 }),
  );
  say(wav.ok);
  say(decodeTake(text.slice(0, -40).split('\n')).ok);
};

const pnbtr: Exercise = async (say) => {
  const { Concealer, repairSpans, resample } = await import('../../pnbtr/src/index.ts');
  const signal = playedSignal(RATE_HZ / 2);
  const concealer = new Concealer({ sampleRateHz: RATE_HZ, packetFrames: 128 });
  const out = new Float32Array(128);
  const chance = seededChance('loss');
  const heard = new Float32Array(signal.length);
  for (let at = 0; at + 128 <= signal.length; at += 128) {
    if (chance.below(20) === 0) concealer.conceal(out);
    else concealer.receive(signal.subarray(at, at + 128), out);
    heard.set(out, at);
  }
  say(new Uint8Array(coarse(heard).buffer));
  const spans = [
    { atSample: 6_000, frames: 256 },
    { atSample: 12_000, frames: 480 },
  ];
  const repaired = repairSpans(signal, spans, { order: 64, contextFrames: 1024, rounds: 1 });
  say(new Uint8Array(coarse(repaired).buffer));
  say(new Uint8Array(coarse(resample(signal, RATE_HZ, 44_100)).buffer));
};

const groove: Exercise = async (say) => {
  const { barsOf, commitment, encodeForecast, gridOf, HOUSE_PRIORS, house1, house2, scoreBar } = await import(
    '../../groove/src/index.ts'
  );
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat: 500_000 }], firstBarOffsetUs: 1_000_000 });
  if (!grid.ok) throw new Error(grid.message);
  const chance = seededChance('drummer');
  const onsets = Array.from({ length: 16 * 24 }, (_, sixteenth) => ({
    timeUs: 1_000_000 + sixteenth * 125_000 + chance.below(12_000) - 4_000,
    instrument: sixteenth % 8 === 0 ? 0 : sixteenth % 8 === 4 ? 1 : 2,
    velocity: 60 + chance.below(60),
  }));
  const bars = barsOf(onsets, grid.value);
  for (const forecaster of [house1(HOUSE_PRIORS), house2(HOUSE_PRIORS)]) {
    for (const bar of bars) {
      const forecast = forecaster.forecast(
        bar.index,
        [...bar.hits.map((hit) => hit.cell)].sort((a, b) => a - b),
      );
      const salt = new Uint8Array(32).fill(bar.index);
      const committed = {
        forecast: encodeForecast(forecast),
        salt,
        node: 'node',
        performance: 'piece',
        bar: bar.index,
      };
      say(commitment(committed));
      say(JSON.stringify(scoreBar(bar, forecast)));
      forecaster.observe(bar);
    }
  }
};

const toast: Exercise = async (say) => {
  const wire = await import('../../toast/src/index.ts');
  const {
    AudioWriter,
    ClockSync,
    copiesPlan,
    decodeAudioBody,
    decodeHeader,
    encodeHeader,
    FATE,
    HEADER_BYTES,
    HOP_TAG_BYTES,
    JitterBuffer,
    PACKET_TYPE,
  } = wire;
  const buffer = new JitterBuffer(64);
  const writer = new AudioWriter({ frames: 64, sampleBytes: 2, mayPack: true });
  const plan = copiesPlan([1]);
  const clock = new ClockSync();
  const chance = seededChance('network');
  const packets = Array.from({ length: 400 }, () =>
    Int16Array.from({ length: 64 }, () => chance.below(4_096) - 2_048),
  );
  packets.forEach((samples, index) => {
    writer.keep(index, samples);
    const body = new Uint8Array(512);
    const bodyBytes = writer.write(body, index, index + 1, plan, index * 1_333);
    const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + HOP_TAG_BYTES);
    encodeHeader(datagram, {
      type: PACKET_TYPE.audio,
      stream: 1,
      flags: 0,
      epoch: 7,
      sequence: index,
      sampleTime: index * 64,
      bodyBytes,
    });
    datagram.set(body.subarray(0, bodyBytes), HEADER_BYTES);
    if (chance.below(10) === 0) return;
    const header = decodeHeader(datagram);
    const decoded = decodeAudioBody(datagram.subarray(HEADER_BYTES, HEADER_BYTES + bodyBytes));
    if (!header.ok || !decoded.ok) throw new Error('a datagram of our own is refused');
    const received = datagram.subarray(HEADER_BYTES);
    const { sampleBytes } = decoded.value;
    for (const { offset, packed, at, bytes } of decoded.value.blocks) {
      const fate = offset === 0 ? FATE.own : FATE.copy;
      if (packed) buffer.putPacked(index - offset, received, at, bytes, sampleBytes, fate, index * 1_333);
      else buffer.put(index - offset, received, at, sampleBytes, fate, index * 1_333);
    }
    clock.sample(
      index * 1_000,
      index * 1_000 + 500 + chance.below(90),
      index * 1_000 + 700,
      index * 1_000 + 1_400,
    );
    say(header.value.sequence);
    say(buffer.fateOf(Math.max(0, index - 1)));
  });
  say(clock.roundTripUs);
};

const ledger: Exercise = async (say) => {
  const { decodeLeaf, encodeLeaf, leafHash, parseCheckpointText, checkpointText, replay } = await import(
    '../../ledger/src/core/verifier.ts'
  );
  const leaves = [
    { type: 'account', acceptedAtUs: 1n, code: 'outside:USD', asset: 'USD', kind: 'external', floor: null },
    { type: 'account', acceptedAtUs: 1n, code: 'reserve:USD', asset: 'USD', kind: 'reserve', floor: 0n },
    ...Array.from({ length: 200 }, (_, i) => ({
      type: 'entry' as const,
      state: 'posted' as const,
      acceptedAtUs: BigInt(i + 2),
      key: `key-${i}`,
      kind: 'receipt',
      evidence: null,
      expiresAtUs: null,
      legs: [
        { account: 'outside:USD', amount: -BigInt(i + 1) },
        { account: 'reserve:USD', amount: BigInt(i + 1) },
      ],
    })),
  ] as const;
  const encoded = leaves.map((leaf) => encodeLeaf(leaf));
  for (const bytes of encoded) {
    say(leafHash(bytes));
    say(decodeLeaf(bytes).ok);
  }
  const books = replay(encoded);
  say(books.ok);
  if (books.ok) say(String(books.value.accounts().map((account) => `${account.code}=${account.balance}`)));
  const text = checkpointText({
    origin: 'example.org/log',
    size: 202n,
    root: leafHash(encoded[0] ?? new Uint8Array(0)),
  });
  say(parseCheckpointText(text).ok);
};

const economy: Exercise = async (say) => {
  const { closeEpoch, publicEpochDocument, samplePolicy, parsePolicy } = await import(
    '../../economy/src/index.ts'
  );
  const payee = (n: number): string => `p${n.toString(16).padStart(32, '0')}`;
  const kinds = ['music', 'code', 'compute', 'curation'] as const;
  const meters = {
    music: 'music/played-ms',
    code: 'code/usage',
    compute: 'compute/work-units',
    curation: 'curation/votes',
  };
  const chance = seededChance('epoch');
  const contributions = Array.from({ length: 40 }, (_, n) => {
    const kind = kinds[n % 4] ?? 'music';
    return {
      id: n.toString(16).padStart(32, '0'),
      schema: 'jamnet/contribution/v1',
      kind,
      meter: meters[kind],
      payees: [
        { payee: payee(n), weight: 2n },
        { payee: payee(n + 1), weight: 1n },
      ],
      merit: BigInt(chance.below(1000) + 1),
      subject: `subject ${n}`,
      acceptedAtUs: 1_000n,
      evidence: n.toString(16).padStart(64, '0'),
      ownerGroup: `group-${n}`,
    } as const;
  });
  const receipts = Array.from({ length: 12 }, (_, n) => ({
    id: `receipt-${n}`,
    principal: `payer-${n}`,
    stream: (['hardware', 'subscription', 'compute', 'licence'] as const)[n % 4] ?? 'licence',
    amountCents: BigInt(chance.below(20_000) + 100),
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: 1_000n,
  }));
  const uses = Array.from({ length: 60 }, (_, n) => ({
    row: `use-${n}`,
    contribution: contributions[4 * (n % 10)]?.id ?? '',
    meter: 'music/listened-ms',
    quantity: BigInt(chance.below(100_000) + 1),
    principal: `payer-${n % 12}`,
  }));
  const policy = samplePolicy({ epochId: 'sample-1' });
  say(parsePolicy(JSON.parse(JSON.stringify(policy))).ok);
  const closed = closeEpoch({
    policy,
    window: { id: 'sample-1', startUs: 0n, endUs: 1_000_000n },
    receipts,
    contributions,
    uses,
    valuation: {
      id: 'valuation-1',
      valueCents: 2_400_000_000n,
      fullyDilutedUnits: 12_000_000n,
      datedAtUs: 0n,
      approvedBy: 'board',
      documentSha256: '11'.repeat(32),
    },
    verifiedPayees: new Set(Array.from({ length: 41 }, (_, n) => payee(n))),
    deficitInCents: 0n,
    carriedInCents: { music: 0n, code: 0n, compute: 0n, curation: 0n },
    poolMicroJam: 1_000_000_000_000n,
    rowKey: new Uint8Array(32).fill(5),
  });
  if (!closed.ok) throw new Error(closed.message);
  say(closed.value.sha256);
  say(canonicalJson(publicEpochDocument(closed.value.publicEpoch)).length);
};

const mesh: Exercise = async (say) => {
  const { chunkRange, chunkVerdict, commitToResult, compareChunk, rankRendezvous } = await import(
    '../../mesh/src/index.ts'
  );
  const sha256 = (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash('sha256').update(bytes).digest());
  const truth = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) & 255);
  const forged = truth.map((byte, i) => (i === 9 ? byte ^ 1 : byte));
  say(canonicalJson(chunkRange(4096, 8, 3)));
  say(JSON.stringify(commitToResult(sha256, truth, 8)));
  for (const claimed of [truth, forged]) {
    const agreement = compareChunk({ rule: 'exact' }, 0, truth, claimed);
    say(agreement.equal);
    say(chunkVerdict({ rule: 'exact' }, agreement));
  }
  say(JSON.stringify(rankRendezvous(sha256, 'task', ['a', 'b', 'c', 'd'])));
};

const attribution: Exercise = async (say) => {
  const { divideByWeight, logWeight } = await import('../src/index.ts');
  for (let uses = 0; uses < 1000; uses += 7) say(logWeight(uses));
  const weights = new Map(Array.from({ length: 30 }, (_, n) => [`person-${n}`, BigInt(n * n)]));
  for (const [id, part] of divideByWeight(1_000_000_000n, weights, 'salt')) say(`${id} ${part}`);
};

const EXERCISES: Readonly<Record<string, Exercise>> = {
  base,
  jdat,
  pnbtr,
  groove,
  toast,
  ledger,
  economy,
  attribution,
  mesh,
};

const whole = createHash('sha256');
for (const [name, exercise] of Object.entries(EXERCISES)) {
  const hash = createHash('sha256');
  let outcome: string;
  try {
    await exercise((part) => {
      const bytes = part instanceof Uint8Array ? toHex(part) : String(part);
      hash.update(`${bytes}\n`);
    });
    outcome = hash.digest('hex');
  } catch (error) {
    console.error(name, error);
    outcome = 'not exercised';
  }
  console.log(`${name} ${outcome}`);
  whole.update(`${name} ${outcome}\n`);
}
console.log(`all ${whole.digest('hex')}`);
