import { Failure, toHex } from '@jamnet/base';
import type { SigningKey } from '../client/signing-key.ts';
import type { NodeOwner } from '../host/node-directory.ts';
import type { FarmNode } from './farm-node.ts';
import { farmStatement, pairStatement } from './statements.ts';

export interface Farm extends NodeOwner {
  readonly nodes: readonly FarmNode[];
  /** What closed epochs have paid this payee for verified work, µJAM; and what a JAM was worth last, in cents. */
  readonly computeMicroJam: string;
  readonly centsPerJam: string | null;
}

const TIMEOUT_MS = 10_000;

/** The HTTP address of the studio whose coordinator is at a WebSocket address. */
export function studioOf(meshUrl: string): string {
  const url = new URL(meshUrl);
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  url.pathname = '/';
  return url.href;
}

/** Binds a key to the owner of a code. Rejects with the studio's own code. */
export function pairWithOwner(meshUrl: string, code: string, key: SigningKey): Promise<NodeOwner> {
  const signature = toHex(key.sign(pairStatement(code, key.publicKey)));
  return ask<NodeOwner>(meshUrl, '/api/nodes/pair', { code, publicKey: key.publicKey, signature });
}

/** All nodes of the owner of a paired key. */
export function askFarm(meshUrl: string, key: SigningKey, nowMs: number): Promise<Farm> {
  const atUs = nowMs * 1000;
  const signature = toHex(key.sign(farmStatement(key.publicKey, atUs)));
  return ask<Farm>(meshUrl, '/api/nodes/farm', { publicKey: key.publicKey, atUs, signature });
}

async function ask<T>(meshUrl: string, path: string, body: object): Promise<T> {
  const url = new URL(path, studioOf(meshUrl));
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new Failure('studio-unreachable', `The studio at ${url.origin} does not answer.`, { cause });
  });
  const value = (await answer.json()) as { code?: unknown; detail?: unknown };
  if (!answer.ok)
    throw new Failure(String(value.code ?? 'studio-failed'), String(value.detail ?? answer.status));
  return value as T; // What the route documents.
}
