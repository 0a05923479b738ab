import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Forge } from './read-hook.ts';

/** Value of a header by its lower-case name; empty when it is absent. */
export type HookHeaders = (name: string) => string;

export interface HookSecrets {
  /** Shared with the forge; while one replaces another both are in force. */
  readonly secrets: readonly string[];
  readonly nowSeconds: number;
}

/** How far a signed time may lie from ours, as Standard Webhooks advises. */
export const HOOK_AGE_SECONDS_MAX = 300;

interface SignedRequest extends HookSecrets {
  readonly forge: Forge;
  readonly headers: HookHeaders;
  readonly body: Uint8Array;
}

/** Whether one of our secrets signed these bytes, compared in constant time. Signatures of an older kind (SHA-1) do not count. */
export function isSigned(request: SignedRequest): boolean {
  const tests = { github: isGitHub, forgejo: isForgejo, gitlab: isGitLab };
  return request.secrets.some((secret) => tests[request.forge](request, secret));
}

/** `X-Hub-Signature-256: sha256=HEX` of the body. */
function isGitHub({ headers, body }: SignedRequest, secret: string): boolean {
  return isSame(headers('x-hub-signature-256'), `sha256=${hmac(secret, body).toString('hex')}`);
}

/** `X-Forgejo-Signature: HEX`, in Gitea `X-Gitea-Signature`. A wrong first one is not rescued by a good second. */
function isForgejo({ headers, body }: SignedRequest, secret: string): boolean {
  const written = headers('x-forgejo-signature') || headers('x-gitea-signature');
  return isSame(written, hmac(secret, body).toString('hex'));
}

/** A signing token (Standard Webhooks: `webhook-signature: v1,BASE64` over id, time and body) where one is used, else the plain secret. */
function isGitLab(request: SignedRequest, secret: string): boolean {
  const { headers, body } = request;
  const signatures = headers('webhook-signature');
  if (signatures === '') return isSame(headers('x-gitlab-token'), secret);
  const atSeconds = headers('webhook-timestamp');
  if (!/^\d{1,12}$/.test(atSeconds)) return false;
  if (Math.abs(request.nowSeconds - Number(atSeconds)) > HOOK_AGE_SECONDS_MAX) return false;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  const signed = Buffer.concat([Buffer.from(`${headers('webhook-id')}.${atSeconds}.`), body]);
  const expected = `v1,${hmac(key, signed).toString('base64')}`;
  return signatures.split(' ').some((written) => isSame(written, expected));
}

function hmac(key: string | Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}

/** Constant time whatever the lengths: hashes are compared. */
function isSame(written: string, expected: string): boolean {
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(written), hash(expected));
}
