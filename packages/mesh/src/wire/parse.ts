import { ok, type Result, refuse } from '@jamnet/base';
import { Compile } from 'typebox/compile';
import type { SignedEntry } from '../core/catalogue.ts';
import { type EntryWire, type NodeMessage, NodeText, StudioMessage } from './messages.ts';
import { decodeReveal, encodeReveal } from './reveal-frame.ts';
import type { WireCode } from './wire-code.ts';

const nodeText = Compile(NodeText);
const studioMessage = Compile(StudioMessage);

/** The frame in which a node says it: text, and bytes for results. */
export function encodeNodeMessage(message: NodeMessage): string | Uint8Array {
  return message.type === 'reveal' ? encodeReveal(message) : JSON.stringify(message);
}

/** What a node said. Any frame may come in; only a message of the protocol comes out. */
export function parseNodeMessage(frame: string | Uint8Array): Result<NodeMessage, WireCode> {
  if (typeof frame !== 'string') return decodeReveal(frame);
  return parse(
    frame,
    (value) => nodeText.Check(value),
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
