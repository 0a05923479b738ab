import { ASSET_SCALE, type Refusal, refuse } from '@jamnet/base';
import { assetOfCode } from './decode-leaf.ts';
import { KIND_BYTE } from './leaf.ts';
import type { RefusalCode } from './refusals.ts';
import {
  type AccountRequest,
  AMOUNT_MAX,
  type EntryRequest,
  LEGS_MAX,
  type Leg,
  OWNER_LENGTH_MAX,
  type RecordRequest,
  type Request,
  type SettleRequest,
} from './requests.ts';
import { isCode, isHash, isKey, isKind, isTimeUs } from './texts.ts';

type Refused = Refusal<RefusalCode>;

/** The legs of anything that somebody handed in as a request; empty where it has none. */
export function legsOf(request: unknown): readonly Leg[] {
  if (typeof request !== 'object' || request === null || !('legs' in request)) return [];
  return Array.isArray(request.legs) ? request.legs : [];
}

/** What is wrong with a request by itself, without looking at the books; `null` when nothing is. */
export function checkRequest(request: Request): Refused | null {
  if (typeof request !== 'object' || request === null) return malformed();
  if (!isKey(request.key)) {
    return refuse('key-malformed', 'A key is 1 to 128 printable ASCII characters without space.');
  }
  if ('legs' in request) return checkEntry(request);
  if ('settle' in request) return checkSettlement(request);
  if ('record' in request) return checkRecord(request);
  return malformed();
}

function malformed(): Refused {
  return refuse('request-malformed', 'A request has either legs, settle and as, or record.');
}

function checkEntry(request: EntryRequest): Refused | null {
  if (!isKind(request.kind)) return kindMalformed();
  if (request.evidence !== undefined && !isHash(request.evidence)) return hashMalformed('evidence');
  return checkExpiry(request) ?? checkLegs(request.legs);
}

function checkExpiry(request: EntryRequest): Refused | null {
  const state = request.state ?? 'posted';
  if (state !== 'posted' && state !== 'pending') return malformed();
  if (request.expiresAtUs === undefined) return null;
  if (state === 'pending' && isTimeUs(request.expiresAtUs)) return null;
  return refuse('expiry-malformed', 'Only a pending entry expires, at a UTC time in µs as bigint.');
}

function checkLegs(legs: readonly Leg[]): Refused | null {
  if (!Array.isArray(legs) || legs.length < 2)
    return refuse('legs-too-few', 'An entry has at least two legs.');
  if (legs.length > LEGS_MAX)
    return refuse('legs-too-many', `An entry has at most ${LEGS_MAX} legs: split it.`);
  for (const leg of legs) {
    const refusal = checkLeg(leg);
    if (refusal) return refusal;
  }
  return null;
}

function checkLeg(leg: Leg): Refused | null {
  if (!isCode(leg?.account)) return accountMalformed();
  const amount: unknown = leg.amount;
  if (typeof amount !== 'bigint' || amount > AMOUNT_MAX || amount < -AMOUNT_MAX) {
    return refuse('amount-out-of-range', 'An amount is a bigint between −(2⁶³−1) and 2⁶³−1.');
  }
  return amount === 0n ? refuse('amount-zero', 'A leg moves something: leave zero legs out.') : null;
}

function checkSettlement(request: SettleRequest): Refused | null {
  if (!isKey(request.settle)) return refuse('key-malformed', 'settle names the key of a pending entry.');
  return request.as === 'posted' || request.as === 'voided' ? null : malformed();
}

function checkRecord(request: RecordRequest): Refused | null {
  if (!isKind(request.record?.kind)) return kindMalformed();
  return isHash(request.record.sha256) ? null : hashMalformed('record.sha256');
}

/** What is wrong with an account to open, by itself. */
export function checkAccount(request: AccountRequest): Refused | null {
  if (typeof request !== 'object' || request === null || !isCode(request.code)) return accountMalformed();
  if (typeof request.owner !== 'string' || request.owner.length > OWNER_LENGTH_MAX) {
    return refuse('account-malformed', `An owner is a text of at most ${OWNER_LENGTH_MAX} characters.`);
  }
  if (!Object.hasOwn(ASSET_SCALE, request.asset) || !Object.hasOwn(KIND_BYTE, request.kind)) {
    return refuse('account-malformed', 'The asset or the kind of account is none that the ledger knows.');
  }
  if (assetOfCode(request.code) !== request.asset) {
    return refuse('account-asset-mismatch', `The code ${request.code} must end in :${request.asset}.`);
  }
  const floor: unknown = request.floor;
  if (floor !== null && (typeof floor !== 'bigint' || floor > 0n || floor < -AMOUNT_MAX)) {
    return refuse('floor-malformed', 'A floor is null or a bigint ≤ 0: accounts open at zero.');
  }
  return null;
}

function kindMalformed(): Refused {
  return refuse(
    'kind-malformed',
    'A kind is 1 to 40 characters of a-z 0-9 . _ / - and begins with a letter.',
  );
}

function hashMalformed(field: string): Refused {
  return refuse('hash-malformed', `${field} is a SHA-256 in 64 lower-case hex digits.`);
}

function accountMalformed(): Refused {
  return refuse('account-malformed', 'An account code is 1 to 100 characters of A-Z a-z 0-9 : . _ -');
}
