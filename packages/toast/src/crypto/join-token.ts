import {
  canonicalJson,
  decodeUtf8,
  encodeUtf8,
  fromBase64,
  fromHex,
  ok,
  type Result,
  refuse,
  toBase64,
  toHex,
} from '@jamnet/base';
import { NAME_CHARACTERS_MAX, TOKEN_CHARACTERS_MAX } from '../limits.ts';
import { type HopCrypto, labelled } from './toast-crypto.ts';

/** What the studio promises with a token: this player may sit in this room until then. */
export interface JoinClaim {
  readonly room: string;
  readonly player: string;
  /** UTC µs, below 2⁵³. */
  readonly expiresAtUs: number;
}

export type TokenCode = 'token-malformed' | 'token-forged' | 'token-expired' | 'name-malformed';

/** Letters, digits, space and . _ ' - of any script; what the wire, file names and a screen all bear. */
const NAME = new RegExp(`^[\\p{L}\\p{N}][\\p{L}\\p{N} ._'-]{0,${NAME_CHARACTERS_MAX - 1}}$`, 'u');

export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * The token handed to a player over the authenticated channel: `claim.mac.secret`.
 * Only `claim.mac` travels in the clear; `secret` stays with the player and the relay derives it.
 */
export function issueToken(
  crypto: HopCrypto,
  tokenKey: Uint8Array,
  claim: JoinClaim,
): Result<string, TokenCode> {
  if (!isName(claim.room) || !isName(claim.player)) {
    return refuse(
      'name-malformed',
      `Room and player are 1 to ${NAME_CHARACTERS_MAX} letters, digits, spaces or . _ ' -`,
    );
  }
  const text = canonicalJson({ expiresAtUs: claim.expiresAtUs, player: claim.player, room: claim.room });
  const mac = crypto.hmac(tokenKey, labelled('jamnet/toast/token/v1', [text]));
  return ok(`${toBase64(encodeUtf8(text))}.${toHex(mac)}.${toHex(secretOf(crypto, tokenKey, text))}`);
}

/** Splits a player's token into the part that travels and the secret that does not. */
export function splitToken(
  token: string,
): Result<{ wire: string; secret: Uint8Array; claim: JoinClaim }, TokenCode> {
  const [claimText = '', mac = '', secretHex = '', ...rest] =
    token.length > TOKEN_CHARACTERS_MAX ? [] : token.split('.');
  const secret = fromHex(secretHex);
  const claim = decodeClaim(claimText);
  if (rest.length > 0 || secret?.length !== 32 || claim === null) {
    return refuse('token-malformed', 'Ask the studio for a new join token: this is none.');
  }
  return ok({ wire: `${claimText}.${mac}`, secret, claim: claim.claim });
}

/** The relay's check of the part that travelled. */
export function verifyWireToken(
  crypto: HopCrypto,
  tokenKey: Uint8Array,
  wire: string,
  nowUs: number,
): Result<{ claim: JoinClaim; secret: Uint8Array }, TokenCode> {
  const [claimText = '', macHex = '', ...rest] = wire.length > TOKEN_CHARACTERS_MAX ? [] : wire.split('.');
  const decoded = decodeClaim(claimText);
  if (decoded === null || rest.length > 0)
    return refuse('token-malformed', 'Ask the studio for a new join token: this is none.');
  const mac = toHex(crypto.hmac(tokenKey, labelled('jamnet/toast/token/v1', [decoded.text])));
  if (!equalText(mac, macHex))
    return refuse('token-forged', "The token was not issued by this relay's studio.");
  if (nowUs >= decoded.claim.expiresAtUs)
    return refuse('token-expired', 'The token has expired: ask the studio for a new one.');
  return ok({ claim: decoded.claim, secret: secretOf(crypto, tokenKey, decoded.text) });
}

/** The claim inside a token or its travelling part, unchecked: for tools that only need the names. */
export function peekClaim(token: string): JoinClaim | null {
  return token.length > TOKEN_CHARACTERS_MAX ? null : (decodeClaim(token.split('.')[0] ?? '')?.claim ?? null);
}

function secretOf(crypto: HopCrypto, tokenKey: Uint8Array, text: string): Uint8Array {
  return crypto.hmac(tokenKey, labelled('jamnet/toast/hop-secret/v1', [text]));
}

function decodeClaim(base64: string): { text: string; claim: JoinClaim } | null {
  const bytes = fromBase64(base64);
  const text = bytes === null ? null : decodeUtf8(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { room, player, expiresAtUs } = value as Record<string, unknown>; // an object by the line above
    if (typeof room !== 'string' || typeof player !== 'string' || !isName(room) || !isName(player))
      return null;
    if (typeof expiresAtUs !== 'number' || !Number.isSafeInteger(expiresAtUs)) return null;
    return { text, claim: { room, player, expiresAtUs } };
  } catch {
    return null;
  }
}

function equalText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
