import { canonicalJson, encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Act } from './acts-api.ts';

/** Hash of an act as its leaf in the log has it: SHA-256 of canonical JSON of `{act, salt}`, made here and not by the studio. */
export function actHash({ salt, ...told }: Act): string {
  const { atUs, actor, role, method, route, parameters, bodySha256 } = told;
  const act = { atUs, actor, role, method, route, parameters, bodySha256 };
  return toHex(sha256(encodeUtf8(canonicalJson({ act, salt }))));
}

/** `METHOD /path` with what stood in the path. */
export function actedOn({ method, route, parameters }: Act): string {
  return `${method} ${route.replaceAll(/:(\w+)/g, (pattern, name: string) => parameters[name] ?? pattern)}`;
}

export type ActFate = 'done' | 'refused' | 'failed' | 'unanswered';

/** What became of it, as the studio's own HTTP status tells; below 500 a refusal changed nothing. */
export function fateOf({ status }: Act): ActFate {
  if (status === null) return 'unanswered';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'done';
}
