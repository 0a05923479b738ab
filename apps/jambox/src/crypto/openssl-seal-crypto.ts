import { KEY_BYTES, SEAL_TAG_BYTES, type SealCrypto } from '@jamnet/toast';
import koffi from 'koffi';
import { loadLibc, nativeMemory } from '../net/libc.ts';

/** `openssl/evp.h`: EVP_CTRL_GCM_GET_TAG and EVP_CTRL_GCM_SET_TAG. */
const GET_TAG = 0x10;
const SET_TAG = 0x11;
const HMAC_BYTES = 32;
/** Longer messages than datagrams go the ordinary way. */
const MESSAGE_BYTES_MAX = 2048;
const NONCE_AT = 0;
const KEY_AT = 16;
const LENGTH_AT = 48;
const TAG_AT = 64;
const ASSOCIATED_AT = 128;
const IN_AT = 2304;
const OUT_AT = 4480;
const BYTES = 6656;

/**
 * The OpenSSL inside Node, called directly with one context and one memory: `node:crypto` makes a native object per packet, whose
 * collection stops the thread for a millisecond twice a second. `null` where its functions cannot be reached.
 */
export function openOpensslCrypto(ordinary: SealCrypto): SealCrypto | null {
  if (loadLibc() === null) return null;
  try {
    return new OpensslSealCrypto(ordinary);
  } catch {
    // Another build of Node keeps OpenSSL to itself.
    return null;
  }
}

class OpensslSealCrypto implements SealCrypto {
  readonly #ordinary: SealCrypto;
  readonly #memory = nativeMemory(BYTES);
  readonly #openssl = bindOpenssl();
  readonly #context: number;
  readonly #macContext: number;
  readonly #cipher: number;
  readonly #digest: number;

  constructor(ordinary: SealCrypto) {
    this.#ordinary = ordinary;
    this.#context = Number(this.#openssl.newContext());
    this.#cipher = Number(this.#openssl.aes256gcm());
    this.#digest = Number(this.#openssl.sha256());
    this.#macContext = Number(this.#openssl.newMacContext());
    if (this.#macContext === 0) throw new TypeError('no OpenSSL');
    if (this.#context === 0 || this.#cipher === 0 || this.#digest === 0) throw new TypeError('no OpenSSL');
  }

  hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
    const mac = new Uint8Array(HMAC_BYTES);
    this.hmacInto(key, message, message.length, mac);
    return mac;
  }

  hmacInto(key: Uint8Array, message: Uint8Array, messageBytes: number, mac: Uint8Array): void {
    if (!this.#mac(key, message, messageBytes)) {
      mac.set(this.#ordinary.hmac(key, message.subarray(0, messageBytes)));
      return;
    }
    const { bytes } = this.#memory;
    for (let i = 0; i < HMAC_BYTES; i++) mac[i] = bytes[OUT_AT + i] ?? 0;
  }

  /** Three calls on one context: the single one, `HMAC`, looks its algorithm up each time and takes a third longer. */
  #mac(key: Uint8Array, message: Uint8Array, messageBytes: number): boolean {
    if (key.length !== KEY_BYTES || message.length > MESSAGE_BYTES_MAX) return false;
    const { bytes, address } = this.#memory;
    bytes.set(key, KEY_AT);
    bytes.set(message, IN_AT);
    const { macInit, macUpdate, macFinal } = this.#openssl;
    return (
      macInit(this.#macContext, address + KEY_AT, KEY_BYTES, this.#digest, 0) === 1 &&
      macUpdate(this.#macContext, address + IN_AT, messageBytes) === 1 &&
      macFinal(this.#macContext, address + OUT_AT, address + LENGTH_AT) === 1
    );
  }

  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
    if (!this.#load(key, nonce, associated, plain)) return this.#ordinary.seal(key, nonce, associated, plain);
    const { bytes, address } = this.#memory;
    const { update, final, control } = this.#openssl;
    const [context, length] = [this.#context, address + LENGTH_AT];
    const isDone =
      this.#start(1) &&
      update(context, 0, length, address + ASSOCIATED_AT, associated.length) === 1 &&
      update(context, address + OUT_AT, length, address + IN_AT, plain.length) === 1 &&
      final(context, address + OUT_AT + plain.length, length) === 1 &&
      control(context, GET_TAG, SEAL_TAG_BYTES, address + OUT_AT + plain.length) === 1;
    if (!isDone) return this.#ordinary.seal(key, nonce, associated, plain);
    return bytes.slice(OUT_AT, OUT_AT + plain.length + SEAL_TAG_BYTES);
  }

  open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const plainBytes = sealed.length - SEAL_TAG_BYTES;
    if (plainBytes < 0) return null;
    if (!this.#load(key, nonce, associated, sealed))
      return this.#ordinary.open(key, nonce, associated, sealed);
    const { bytes, address } = this.#memory;
    const { update, final, control } = this.#openssl;
    const [context, length] = [this.#context, address + LENGTH_AT];
    bytes.copyWithin(TAG_AT, IN_AT + plainBytes, IN_AT + sealed.length);
    const isReady =
      this.#start(0) &&
      update(context, 0, length, address + ASSOCIATED_AT, associated.length) === 1 &&
      update(context, address + OUT_AT, length, address + IN_AT, plainBytes) === 1 &&
      control(context, SET_TAG, SEAL_TAG_BYTES, address + TAG_AT) === 1;
    // Only the last call tells whether the tag fits: what came out before it must not be used without its yes.
    if (!isReady || final(context, address + OUT_AT + plainBytes, length) !== 1) return null;
    return bytes.slice(OUT_AT, OUT_AT + plainBytes);
  }

  #load(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, message: Uint8Array): boolean {
    if (key.length !== KEY_BYTES || nonce.length !== 12) return false;
    if (associated.length > MESSAGE_BYTES_MAX || message.length > MESSAGE_BYTES_MAX) return false;
    const { bytes } = this.#memory;
    bytes.set(key, KEY_AT);
    bytes.set(nonce, NONCE_AT);
    bytes.set(associated, ASSOCIATED_AT);
    bytes.set(message, IN_AT);
    return true;
  }

  #start(encrypt: 0 | 1): boolean {
    const { address } = this.#memory;
    return (
      this.#openssl.init(this.#context, this.#cipher, 0, address + KEY_AT, address + NONCE_AT, encrypt) === 1
    );
  }
}

function bindOpenssl() {
  const node = koffi.load(null);
  return {
    newContext: node.func('uintptr_t EVP_CIPHER_CTX_new()'),
    aes256gcm: node.func('uintptr_t EVP_aes_256_gcm()'),
    sha256: node.func('uintptr_t EVP_sha256()'),
    init: node.func(
      'int EVP_CipherInit_ex(uintptr_t context, uintptr_t cipher, uintptr_t engine, uintptr_t key, uintptr_t iv, int encrypt)',
    ),
    update: node.func(
      'int EVP_CipherUpdate(uintptr_t context, uintptr_t out, uintptr_t length, uintptr_t in, int bytes)',
    ),
    final: node.func('int EVP_CipherFinal_ex(uintptr_t context, uintptr_t out, uintptr_t length)'),
    control: node.func(
      'int EVP_CIPHER_CTX_ctrl(uintptr_t context, int type, int argument, uintptr_t pointer)',
    ),
    newMacContext: node.func('uintptr_t HMAC_CTX_new()'),
    macInit: node.func(
      'int HMAC_Init_ex(uintptr_t context, uintptr_t key, int keyBytes, uintptr_t digest, uintptr_t engine)',
    ),
    macUpdate: node.func('int HMAC_Update(uintptr_t context, uintptr_t data, size_t bytes)'),
    macFinal: node.func('int HMAC_Final(uintptr_t context, uintptr_t out, uintptr_t length)'),
  };
}
