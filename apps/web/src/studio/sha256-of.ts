import { toHex } from '@jamnet/base';

/** SHA-256 of a file of this device, hex; the file goes nowhere. */
export async function sha256Of(file: File): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())));
}
