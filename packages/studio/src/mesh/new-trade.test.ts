import { createHash } from 'node:crypto';
import { byKind, closeEpoch, type EpochInput, SAMPLE_METERS, samplePolicy } from '@jamnet/economy';
import { type Backend, encodeTensor, type ModelKernel, openModelKernel, writeModel } from '@jamnet/jamnode';
import {
  Catalogue,
  type CatalogueEntry,
  type ComputeContribution,
  Coordinator,
  chunkOf,
  compareChunk,
  contributionOf,
} from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { partsFor, register } from '@jamnet/mesh/testing';
import { openSqlite } from '@jamnet/sql';
import { expect, test } from 'vitest';

/** The one file of a trade that JAMNet knows nothing of: photographs are softened by one convolution. */
const MODEL = writeModel({
  name: 'soften',
  input: { name: 'photo', dims: [1, 1, 'rows', 'columns'] },
  output: { name: 'soft', dims: [1, 1, 'rows', 'columns'] },
  weights: [{ name: 'kernel', dims: [1, 1, 3, 3], values: new Float32Array(9).fill(1 / 9) }],
  nodes: [
    { operator: 'Conv', inputs: ['photo', 'kernel'], output: 'soft', integers: { pads: [1, 1, 1, 1] } },
  ],
});

/** The one catalogue entry. */
const ENTRY: CatalogueEntry = {
  kind: 'photo.soften',
  version: 1,
  kernelSha256: '00'.repeat(32),
  modelSha256: createHash('sha256').update(MODEL).digest('hex'),
  limits: { inputBytesMax: 1 << 16, resultBytesMax: 1 << 16, operationsMax: 100_000_000n },
  chunkCount: 8,
  tolerance: { rule: 'snr', decibelMin: 110 },
  deadlineMs: 60_000,
  privacy: 'public',
  lane: 'batch',
  meter: 'compute/photo-soften',
};

/** The one line of the policy. */
const LINE = { [ENTRY.meter]: { kind: 'compute', weight: 1 } } as const;

const PHOTOS = [1, 2, 3].map((step) =>
  encodeTensor({
    dims: [1, 1, 16, 16],
    values: Float32Array.from({ length: 256 }, (_, n) => ((n * step) % 17) / 17),
  }),
);
const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a kind from another trade is one entry, one file and one line of the policy: then it earns in the epoch', async () => {
  const [native, wasm] = [await opened('cpu'), await opened('wasm')];
  const contributions = await computed(native, wasm);
  await Promise.all([native.close(), wasm.close()]);
  expect(contributions.map(({ meter }) => meter)).toEqual(PHOTOS.map(() => ENTRY.meter));

  // Without the line the epoch does not close: nothing is paid by a meter that nobody decided on.
  expect(closeEpoch(epochOf(contributions, SAMPLE_METERS))).toMatchObject({
    ok: false,
    code: 'unknown-meter',
  });
  const closed = closeEpoch(epochOf(contributions, { ...SAMPLE_METERS, ...LINE }));
  if (!closed.ok) throw new Error(closed.message);
  const host = contributions[0]?.payees[0]?.payee;
  const paid = closed.value.payments.find(({ payee }) => payee === host)?.microJam;
  // $10 of compute: half goes back, of it six tenths to compute, at $2 a unit; nobody else computed.
  expect(paid).toBe(1_500_000n);
});

/** What a host earned for the photographs: computed in WebAssembly, re-run natively, settled. */
async function computed(native: ModelKernel, wasm: ModelKernel): Promise<ComputeContribution[]> {
  const results = new Map<string, Uint8Array>();
  for (const photo of PHOTOS) results.set(nameOf(photo), unwrap(await wasm.run(photo)));
  const database = openSqlite({ file: ':memory:' });
  const parts = { ...partsFor({ seed: 'new trade' }), catalogue: new Catalogue([ENTRY]) };
  const coordinator = new Coordinator(parts, await openMeshStore(database));
  try {
    const host = await register(coordinator, 'ada', {
      kind: ENTRY.kind,
      compute: (input) => results.get(nameOf(input)) ?? new Uint8Array(),
    });
    const tasks = PHOTOS.map((input, n) => ({
      kind: ENTRY.kind,
      version: 1,
      input,
      operations: unwrap(native.operations(input)),
      subject: `photo-${n}`,
    }));
    unwrap((await coordinator.apply(0n, { type: 'create', tasks })).answer);
    await host.workOff(coordinator, 1n);
    for (const check of await coordinator.openChecks(100)) {
      const [input, claimed] = [
        await blobOf(coordinator, check.inputHash),
        await blobOf(coordinator, check.resultHash),
      ];
      const truth = unwrap(await native.run(input));
      const agreements = check.chunks.map((chunk) =>
        compareChunk(ENTRY.tolerance, chunk, chunkOf(truth, 8, chunk), chunkOf(claimed, 8, chunk)),
      );
      await coordinator.apply(2n, { type: 'checked', check: check.id, outcome: { ran: true, agreements } });
    }
    await coordinator.apply(3n, { type: 'settle' });
    return (await coordinator.work({ state: 'released' })).map(contributionOf);
  } finally {
    await database.close();
  }
}

function epochOf(contributions: readonly ComputeContribution[], meters: typeof SAMPLE_METERS): EpochInput {
  return {
    policy: samplePolicy({ epochId: 'trade', meters }),
    window: { id: 'trade', startUs: 0n, endUs: 10n ** 15n },
    receipts: [
      {
        id: 'receipt-1',
        principal: 'payer-1',
        stream: 'compute',
        amountCents: 1_000n,
        currency: 'USD',
        reference: '',
        refundOf: null,
        receivedAtUs: 1_000_000n,
      },
    ],
    contributions,
    uses: [],
    valuation: {
      id: 'valuation-1',
      valueCents: 2_400_000_000n,
      fullyDilutedUnits: 12_000_000n,
      datedAtUs: 0n,
      approvedBy: 'board',
      documentSha256: '11'.repeat(32),
    },
    verifiedPayees: new Set(contributions.flatMap(({ payees }) => payees.map(({ payee }) => payee))),
    deficitInCents: 0n,
    carriedInCents: byKind(() => 0n),
    poolMicroJam: 1_000_000_000_000n,
    rowKey: new Uint8Array(32).fill(7),
  };
}

async function opened(backend: Backend): Promise<ModelKernel> {
  return unwrap(await openModelKernel(ENTRY, MODEL, backend));
}

async function blobOf(coordinator: Coordinator, hash: string): Promise<Uint8Array> {
  return (await coordinator.blob(hash)) ?? new Uint8Array();
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; message: string }): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}
