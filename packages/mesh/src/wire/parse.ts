import { ok, type Result, refuse } from '@jamnet/base';
import { Compile } from 'typebox/compile';
import type { SignedEntry } from '../core/catalogue.ts';
import { type EntryWire, NodeMessage, StudioMessage } from './messages.ts';

export type WireCode = 'message-not-json' | 'message-malformed';

const nodeMessage = Compile(NodeMessage);
const studioMessage = Compile(StudioMessage);

/** What a node said. Any text may come in; only a message of the schema comes out. */
export function parseNodeMessage(text: string): Result<NodeMessage, WireCode> {
  return parse(
    text,
    (value) => nodeMessage.Check(value),
    (value) => value as NodeMessage,
  );
}

export function parseStudioMessage(text: string): Result<StudioMessage, WireCode> {
  return parse(
    text,
    (value) => studioMessage.Check(value),
    (value) => value as StudioMessage,
  );
}

/** `as` is called on checked values only. */
function parse<T>(
  text: string,
  check: (value: unknown) => boolean,
  as: (value: unknown) => T,
): Result<T, WireCode> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('message-not-json', 'Send one JSON object per frame.');
  }
  if (check(value)) return ok(as(value));
  const type =
    typeof value === 'object' && value !== null && 'type' in value ? String(value.type).slice(0, 32) : 'none';
  return refuse('message-malformed', `A message of type "${type}" does not fit the schema of this protocol.`);
}

export function entryToWire(signed: SignedEntry): EntryWire {
  const { limits } = signed.entry;
  return {
    entry: { ...signed.entry, limits: { ...limits, operationsMax: String(limits.operationsMax) } },
    signature: signed.signature,
  };
}

export function entryFromWire(wire: EntryWire): SignedEntry {
  const { limits } = wire.entry;
  return {
    entry: { ...wire.entry, limits: { ...limits, operationsMax: BigInt(limits.operationsMax) } },
    signature: wire.signature,
  };
}
