/// <reference lib="es2024.arraybuffer" />

/** Node reads from a socket into blocks of so many bytes at most: a longer message was put together in memory of its own. */
export const READ_BYTES_MAX = 64 * 1024;
/** Blocks remembered between two messages: of the longest, and as many again. */
export const BLOCKS_MAX = 128;

/**
 * Gives back at once the blocks that a socket was read into, once the message that they held is put together elsewhere: left
 * to the collector, each 64 MiB of them make it mark the whole heap, a fifth of what a result cost. Feed it each block after
 * the WebSocket has taken it, and each message as it is told.
 */
export class ReadBlocks {
  #blocks: Uint8Array[] = [];
  #keepsThis = false;

  get count(): number {
    return this.#blocks.length;
  }

  /** Text counts as `copied`; bytes of a message may lie in the block that is being read. */
  message(data: { readonly length: number }, copied: boolean): void {
    const isOwn = copied || data.length > READ_BYTES_MAX;
    if (isOwn) for (const block of this.#blocks) giveBack(block);
    else this.#keepsThis = true;
    this.#blocks = [];
  }

  block(block: Uint8Array): void {
    // Pings and pieces of messages come without end: those are left to the collector.
    if (this.#blocks.length === BLOCKS_MAX) this.#blocks = [];
    if (this.#keepsThis) this.#keepsThis = false;
    else this.#blocks.push(block);
  }
}

/**
 * Gives back the memory of bytes that nobody looks at any more. Bytes that share their memory with others are left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
