/// <reference lib="es2024.arraybuffer" />

/** Node reads from a socket into blocks of so many bytes at most: a longer message was put together in memory of its own. */
export const READ_BYTES_MAX = 64 * 1024;
/** Shorter blocks, those of beats, are left to the collector: one of each host would be remembered until its next. */
export const BLOCK_BYTES_MIN = 4 * 1024;
/** Blocks remembered between two messages: of the longest, and as many again. */
export const BLOCKS_MAX = 128;

/**
 * Gives back at once the blocks that a socket was read into, once the message that they held is put together elsewhere: left
 * to the collector, each 64 MiB of them make it mark the whole heap, a fifth of what a result cost. Feed it each block after
 * the WebSocket has taken it, and each message as it is told.
 */
export class ReadBlocks {
  #blocks: Uint8Array[] | null = null;
  #keepsThis = false;

  get count(): number {
    return this.#blocks?.length ?? 0;
  }

  /** Text counts as `copied`; bytes of a message may lie in the block that is being read. */
  message(data: { readonly length: number }, copied: boolean): void {
    if (copied || data.length > READ_BYTES_MAX) for (const block of this.#blocks ?? []) giveBack(block);
    else this.#keepsThis = true;
    this.#blocks = null;
  }

  block(block: Uint8Array): void {
    // Pieces of messages may come without end: those are left to the collector.
    if (this.count === BLOCKS_MAX) this.#blocks = null;
    if (this.#keepsThis) this.#keepsThis = false;
    else if (block.length >= BLOCK_BYTES_MIN) {
      this.#blocks ??= [];
      this.#blocks.push(block);
    }
  }
}

/**
 * Gives back the memory of bytes that nobody looks at any more. Bytes that share their memory with others are left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
