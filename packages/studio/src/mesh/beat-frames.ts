import { FrameStarts } from './frame-starts.ts';
import { LongFrame, longFrameIn } from './long-frame.ts';
import { BLOCK_BYTES_MIN, giveBack } from './read-blocks.ts';

/** A beat as nodes write it; the number of tasks under way and a brace follow. */
const HEAD = Buffer.from('{"type":"heartbeat","running":');
const FIRST_BYTE = 0x81; // A whole text message (RFC 6455 §5.2).
const MASKED = 0x80;
const MASK_BYTES = 4;
const PAYLOAD_AT = 2 + MASK_BYTES;
/** Six digits are far below the largest that the protocol takes. */
const DIGITS_MAX = 6;
const [ZERO, NINE, BRACE] = [0x30, 0x39, 0x7d];

/** What a listener for bytes is called with. */
type BlockListener = (block: Uint8Array) => void;

/** The bytes beneath a WebSocket that listens to them. */
export interface ReadBeneath {
  on(event: 'data', listener: BlockListener): unknown;
  removeListener(event: 'data', listener: BlockListener): unknown;
  /** Those that listen now. */
  listeners(event: 'data'): unknown[];
}

/** Whose frames they are. */
export interface FrameTaker {
  /** A beat. False: the WebSocket shall have it. */
  take(running: number): boolean;
  /** A long message of bytes begins. False: the WebSocket shall have it. */
  begins(bytes: number): boolean;
  /** The one that began is whole. */
  takeLong(message: Uint8Array): void;
  /** The WebSocket has taken a block. */
  passed(block: Uint8Array): void;
}

/**
 * Number of tasks under way in a block that is one beat and nothing else, in the one form that nodes write; -1 for
 * anything else, which is the parser's.
 */
export function beatIn(block: Uint8Array): number {
  const payloadBytes = block.length - PAYLOAD_AT;
  const digits = payloadBytes - HEAD.length - 1;
  if (digits < 1 || digits > DIGITS_MAX) return -1;
  if (block[0] !== FIRST_BYTE || block[1] !== (MASKED | payloadBytes)) return -1;
  for (let n = 0; n < HEAD.length; n++) if (unmasked(block, n) !== HEAD[n]) return -1;
  let running = 0;
  for (let n = HEAD.length; n < payloadBytes - 1; n++) {
    const digit = unmasked(block, n);
    if (digit < ZERO || digit > NINE) return -1;
    running = running * 10 + digit - ZERO;
  }
  // JSON knows no number that begins with a zero, besides zero.
  if (digits > 1 && unmasked(block, HEAD.length) === ZERO) return -1;
  return unmasked(block, payloadBytes - 1) === BRACE ? running : -1;
}

function unmasked(block: Uint8Array, n: number): number {
  return (block[PAYLOAD_AT + n] ?? 0) ^ (block[2 + (n % MASK_BYTES)] ?? 0);
}

/**
 * Looks at each block before the WebSocket does, and keeps those that are a beat or belong to a long message: through the
 * receiver's stream and the parser a beat costs several times as much, and each leaves its memory with the receiver until the
 * next; of long messages the receiver keeps everything twice.
 */
export function takeFramesFirst(beneath: ReadBeneath, taker: FrameTaker): void {
  const listening = beneath.listeners('data') as BlockListener[];
  /** Within a message that the WebSocket has begun; ten thousand idle connections need none. */
  let starts: FrameStarts | null = null;
  let long: LongFrame | null = null;
  /** What is left of the block behind the long message's end. */
  const continueLong = (frame: LongFrame, block: Uint8Array, end: number): Uint8Array | null => {
    long = frame.isWhole ? null : frame;
    const rest = end < block.length ? block.subarray(end) : null;
    if (rest === null && block.length >= BLOCK_BYTES_MIN) giveBack(block);
    if (frame.isWhole) taker.takeLong(frame.message);
    return rest;
  };
  const pass = (block: Uint8Array): void => {
    starts ??= new FrameStarts();
    starts.follow(block);
    if (starts.isBetweenMessages) starts = null;
    for (const listener of listening) listener.call(beneath, block);
    taker.passed(block);
  };
  beneath.on('data', (block) => {
    let rest: Uint8Array | null = block;
    if (long !== null) rest = continueLong(long, block, long.take(block));
    else if (starts === null) {
      const running = beatIn(block);
      if (running >= 0 && taker.take(running)) return;
      const bytes = longFrameIn(block);
      if (bytes >= 0 && taker.begins(bytes)) {
        const frame = new LongFrame(block, bytes);
        rest = continueLong(frame, block, frame.takeFirst(block));
      }
    }
    if (rest !== null) pass(rest);
  });
  for (const listener of listening) beneath.removeListener('data', listener);
}
