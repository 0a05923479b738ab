import { encodeUtf8 } from '@jamnet/base';

/**
 * What a device signs with its Ed25519 key to bind itself to the buyer who holds the code: it shows that the key is the
 * device's own and that nobody on the way put another payee in.
 */
export function claimStatement(code: string, payee: string): Uint8Array {
  return encodeUtf8(`jamnet/device-claim/v1\0${code}\0${payee}`);
}

/** What a device signs after a session: the take that it sent, by its content hash. */
export function sessionStatement(deviceKey: string, take: string): Uint8Array {
  return encodeUtf8(`jamnet/device-session/v1\0${deviceKey}\0${take}`);
}
