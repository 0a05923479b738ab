import { type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Result } from '@jamnet/base';
import { claimStatement, readClaimCode, sessionStatement } from '@jamnet/economy';
import { contentHash, decodeTake } from '@jamnet/jdat';
import type { OperatorDesk } from '@jamnet/studio';

/** A device's own key: Ed25519, and its public half as 64 hex digits. */
export interface DeviceKey {
  readonly key: KeyObject;
  readonly deviceKey: string;
}

type Desk = Pick<OperatorDesk, 'claimDevice' | 'creditFirstSession'>;

/** Binds the device and its buyer to the claim code; the same once more answers the same. */
export async function claimBox(
  desk: Desk,
  device: DeviceKey,
  claim: { readonly code: string; readonly payee: string },
): Promise<Result<unknown>> {
  const code = readClaimCode(claim.code);
  if (!code.ok) return code;
  const signature = sign(null, claimStatement(code.value, claim.payee), device.key).toString('hex');
  return await desk.claimDevice({
    code: code.value,
    payee: claim.payee,
    deviceKey: device.deviceKey,
    signature,
  });
}

/** Tells the studio which take the session brought, signed by the device; `null` where nothing was recorded. */
export async function reportSession(
  desk: Desk,
  { key, deviceKey }: DeviceKey,
  takeFile: string,
): Promise<Result<unknown> | null> {
  if (takeFile === '') return null;
  const take = decodeTake(readFileSync(takeFile, 'utf8').trimEnd().split('\n'));
  if (!take.ok) return take;
  const hash = contentHash(take.value);
  const signature = sign(null, sessionStatement(deviceKey, hash), key).toString('hex');
  return await desk.creditFirstSession({ take: hash, deviceKey, signature });
}
