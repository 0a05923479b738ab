import { createPublicKey, verify } from 'node:crypto';
import { encodeUtf8, fromHex, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { claimCodeSha256, readClaimCode } from '../../core/hardware/claim-code.ts';
import { claimStatement, sessionStatement } from '../../core/hardware/device-statement.ts';
import { hashOf } from '../../core/policy/policy.ts';
import { DAY_US } from '../../core/records/calendar.ts';
import { isPayee } from '../../core/records/payee-id.ts';
import type { Contribution } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import { addContributions } from '../intake/contributions.ts';
import { latestPolicy } from '../policies.ts';
import { contributionOf } from '../rows-of.ts';
import type { ClaimRow } from './hardware-tables.ts';
import { orderRow } from './orders.ts';

export interface DeviceClaim {
  readonly code: string;
  /** Ed25519 public key of the device, 64 hex digits. */
  readonly deviceKey: string;
  /** The buyer's pseudonym, who earns the reward. */
  readonly payee: string;
  /** Over {@link claimStatement}, 128 hex digits. */
  readonly signature: string;
}

export interface DeviceSession {
  readonly deviceKey: string;
  /** Content hash of the take that the session brought. */
  readonly take: string;
  /** Over {@link sessionStatement}, 128 hex digits. */
  readonly signature: string;
}

export interface DeviceView {
  readonly deviceKey: string;
  readonly payee: string;
  readonly product: string;
  readonly state: string;
  /** The contribution that carries the reward, once there is one. */
  readonly contribution: string | null;
  readonly reward: bigint | null;
}

/** Binds a device's key and its buyer to a claim code. The same claim again answers the same. */
export async function claimDevice(
  { tables }: StoreContext,
  nowUs: bigint,
  claim: DeviceClaim,
): Promise<Result<DeviceView, EconomyCode>> {
  const code = readClaimCode(claim.code);
  if (!code.ok) return code;
  if (!isPayee(claim.payee)) return refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  const signed = checkSigned(claim.deviceKey, claimStatement(code.value, claim.payee), claim.signature);
  if (!signed.ok) return signed;
  const row = await tables
    .selectFrom('economy_claim')
    .selectAll()
    .where('code_sha256', '=', claimCodeSha256(code.value))
    .executeTakeFirst();
  if (!row || row.state === 'void')
    return refuse('unknown-claim-code', 'There is no such claim code, or its order was refunded.');
  if (row.device_key !== null) {
    return row.device_key === claim.deviceKey && row.payee === claim.payee
      ? ok(await viewOf(tables, row))
      : refuse('claim-code-used', 'Another device or buyer has claimed this code.');
  }
  const other = await claimOfDevice(tables, claim.deviceKey);
  if (other) return refuse('device-claimed', 'This device is claimed under another code.');
  const claimed = { state: 'claimed', device_key: claim.deviceKey, payee: claim.payee, changed_at_us: nowUs };
  await tables
    .updateTable('economy_claim')
    .set(claimed)
    .where('code_sha256', '=', row.code_sha256)
    .where('state', '=', 'open')
    .execute();
  return ok(await viewOf(tables, { ...row, ...claimed }));
}

/**
 * Credits the buyer for the device's first verified session: the device signs the take that it sent, and that take is a
 * contribution of the buyer's own which the studio has verified. Later sessions change nothing.
 */
export async function creditFirstSession(
  context: StoreContext,
  nowUs: bigint,
  session: DeviceSession,
): Promise<Result<DeviceView, EconomyCode>> {
  const { tables } = context;
  const signed = checkSigned(
    session.deviceKey,
    sessionStatement(session.deviceKey, session.take),
    session.signature,
  );
  if (!signed.ok) return signed;
  const claim = await claimOfDevice(tables, session.deviceKey);
  if (!claim) return refuse('device-not-claimed', 'Claim the device with its code first.');
  if (claim.state !== 'claimed') return ok(await viewOf(tables, claim));
  const published = await latestPolicy(tables);
  const rules = published?.policy.hardware;
  const order = present(await orderRow(tables, claim.order_id), claim.order_id);
  const merit = rules?.rewards[order.product];
  if (!published || !rules || merit === undefined)
    return refuse('no-hardware-rules', `The policy has no reward for a ${order.product}.`);
  const payee = present(claim.payee, 'payee of a claimed device');
  const proof = await verifiedTake(tables, session.take, payee, BigInt(rules.sessionMeritMin));
  if (!proof) {
    return refuse(
      'session-not-verified',
      `No take ${session.take} of ${payee} with a merit of at least ${rules.sessionMeritMin} is verified.`,
    );
  }
  const used = await tables
    .selectFrom('economy_claim')
    .select('code_sha256')
    .where('take', '=', session.take)
    .executeTakeFirst();
  if (used) return refuse('session-used', 'This take has been the first session of another device.');
  const salt = toHex(context.drawKey());
  const kind = present(published.policy.meters[rules.meter], rules.meter).kind;
  // Accepted when the order's money can no longer be called back, so that it earns in the epoch in which that money counts.
  const windowUs = BigInt(published.policy.streams.hardware.refundWindowDays) * DAY_US;
  let acceptedAtUs = order.placed_at_us + windowUs;
  if (acceptedAtUs < nowUs) acceptedAtUs = nowUs;
  const contribution = reward(claim, {
    ...rules,
    kind,
    merit: BigInt(merit),
    salt,
    acceptedAtUs,
    payee,
    session,
  });
  const added = await addContributions(context, acceptedAtUs, [contribution]);
  if (!added.ok && added.code !== 'contribution-differs') return added;
  const rewarded = {
    state: 'rewarded',
    take: session.take,
    contribution: contribution.id,
    salt,
    changed_at_us: nowUs,
  };
  await tables
    .updateTable('economy_claim')
    .set(rewarded)
    .where('code_sha256', '=', claim.code_sha256)
    .execute();
  return ok(await viewOf(tables, { ...claim, ...rewarded }));
}

/** The reward as a contribution: its id follows from the claim, so there is one for each device. */
function reward(
  claim: ClaimRow,
  given: {
    meter: string;
    kind: Contribution['kind'];
    merit: bigint;
    salt: string;
    acceptedAtUs: bigint;
    payee: string;
    session: DeviceSession;
  },
): Contribution {
  const { meter, kind, merit, salt, acceptedAtUs, payee, session } = given;
  const id = toHex(sha256(encodeUtf8(`jamnet/hardware-reward/v1\0${claim.code_sha256}`))).slice(0, 40);
  const evidence = hashOf({
    salt,
    device: session.deviceKey,
    take: session.take,
    signature: session.signature,
  });
  return {
    id,
    schema: 'jamnet/contribution/v1',
    kind,
    meter,
    payees: [{ payee, weight: 1n }],
    merit,
    subject: `first session of device ${id.slice(0, 12)}`,
    acceptedAtUs,
    evidence,
    ownerGroup: payee,
  };
}

async function verifiedTake(
  tables: Tables,
  take: string,
  payee: string,
  meritMin: bigint,
): Promise<Contribution | null> {
  const rows = await tables
    .selectFrom('economy_contribution')
    .selectAll()
    .where('subject', '=', take)
    .where('kind', '=', 'music')
    .limit(100)
    .execute();
  const found = rows
    .map(contributionOf)
    .find(({ payees, merit }) => merit >= meritMin && payees.some((each) => each.payee === payee));
  return found ?? null;
}

async function claimOfDevice(tables: Tables, deviceKey: string): Promise<ClaimRow | undefined> {
  return tables
    .selectFrom('economy_claim')
    .selectAll()
    .where('device_key', '=', deviceKey)
    .executeTakeFirst();
}

async function viewOf(tables: Tables, row: ClaimRow): Promise<DeviceView> {
  const order = present(await orderRow(tables, row.order_id), row.order_id);
  const contribution =
    row.contribution === null
      ? undefined
      : await tables
          .selectFrom('economy_contribution')
          .select('merit')
          .where('id', '=', row.contribution)
          .executeTakeFirst();
  return {
    deviceKey: present(row.device_key, 'device of a claim'),
    payee: present(row.payee, 'payee of a claim'),
    product: order.product,
    state: row.state,
    contribution: row.contribution,
    reward: contribution?.merit ?? null,
  };
}

/** DER header of an Ed25519 public key (RFC 8410 §4), before its 32 bytes. */
const SPKI_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

function checkSigned(key: string, statement: Uint8Array, signature: string): Result<null, EconomyCode> {
  const [keyBytes, signed] = [fromHex(key), fromHex(signature)];
  if (keyBytes?.length !== 32 || key !== key.toLowerCase() || signed?.length !== 64)
    return refuse('device-malformed', 'A device key has 64 lower-case hex digits, a signature 128.');
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI_HEADER, keyBytes]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, statement, publicKey, signed)
    ? ok(null)
    : refuse('device-signature-wrong', 'The signature is not the device’s over this statement.');
}
