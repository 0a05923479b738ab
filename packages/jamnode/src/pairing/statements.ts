import { encodeUtf8 } from '@jamnet/base';

/** What a node's key signs to be bound to the owner of a code. `code` as `readClaimCode` gives it. */
export function pairStatement(code: string, publicKey: string): Uint8Array {
  return encodeUtf8(`jamnet/node-pair/v1\0${code}\0${publicKey}`);
}

/** What a paired node's key signs to see all nodes of its owner. `atUs`: UTC µs of the question; it holds for some minutes. */
export function farmStatement(publicKey: string, atUs: number): Uint8Array {
  return encodeUtf8(`jamnet/node-farm/v1\0${publicKey}\0${atUs}`);
}
