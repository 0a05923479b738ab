import type { SealCrypto } from '@jamnet/toast';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AesGcm } from './aes-gcm.ts';

const ciphers = new WeakMap<Uint8Array, AesGcm>();
const hashes = new WeakMap<Uint8Array, ReturnType<typeof hmac.create>>();

function cipherOf(key: Uint8Array): AesGcm {
  let cipher = ciphers.get(key);
  if (cipher === undefined) {
    cipher = new AesGcm(key);
    ciphers.set(key, cipher);
  }
  return cipher;
}

function hashOf(key: Uint8Array) {
  let hash = hashes.get(key);
  if (hash === undefined) {
    hash = hmac.create(sha256, key);
    hashes.set(key, hash);
  }
  return hash.clone();
}

/** TOAST's three functions where WebCrypto cannot serve: its functions answer later, and sealing must not wait. Keys must not change while used. */
export const browserSealCrypto: SealCrypto = {
  hmac: (key, message) => hashOf(key).update(message).digest(),
  seal: (key, nonce, associated, plain) => cipherOf(key).seal(nonce, associated, plain),
  open: (key, nonce, associated, sealed) => cipherOf(key).open(nonce, associated, sealed),
};

/** Whether the browser's own WebCrypto opens what we seal: asked once per join, with a key of chance. */
export async function agreesWithWebCrypto(): Promise<boolean> {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const [keyBytes, nonce, associated, plain] = [random(32), random(12), random(32), random(301)];
  const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['decrypt']);
  const sealed = new Uint8Array(browserSealCrypto.seal(keyBytes, nonce, associated, plain));
  try {
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: associated },
      key,
      sealed,
    );
    const bytes = new Uint8Array(opened);
    return bytes.length === plain.length && bytes.every((byte, i) => byte === plain[i]);
  } catch {
    return false;
  }
}
