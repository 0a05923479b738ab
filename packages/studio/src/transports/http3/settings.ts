import { ok, type Result, refuse } from '@jamnet/base';
import { readVarint } from './varint.ts';

export const SETTINGS_BYTES_MAX = 1024;
/** Ids of HTTP/2 that must not come (RFC 9114 §7.2.4.1). */
const HTTP2_SETTINGS: ReadonlySet<number> = new Set([0x00, 0x02, 0x03, 0x04, 0x05]);

/** Checks a SETTINGS payload: whole pairs, no id twice, none of HTTP/2's. Unknown ids are skipped. */
export function readSettings(payload: Uint8Array): Result<ReadonlyMap<number, number>, 'settings-malformed'> {
  const settings = new Map<number, number>();
  for (let at = 0; at < payload.length; ) {
    const id = readVarint(payload, at);
    const value = id === null ? null : readVarint(payload, at + id.bytes);
    if (id === null || value === null) return refuse('settings-malformed', 'The settings end inside a pair.');
    if (settings.has(id.value) || HTTP2_SETTINGS.has(id.value))
      return refuse('settings-malformed', `Setting ${id.value} comes twice or is of HTTP/2.`);
    settings.set(id.value, value.value);
    at += id.bytes + value.bytes;
  }
  return ok(settings);
}
