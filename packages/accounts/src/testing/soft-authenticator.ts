import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Flags of authenticator data (WebAuthn §6.1): user present, user verified, attested credential data follow. */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const WITH_CREDENTIAL = 0x40;

/** An authenticator in software, as WebAuthn describes one: ES256 keys, no attestation. Keeps one passkey. */
export class SoftAuthenticator {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #id = randomBytes(32);
  readonly #origin: string;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Answers `PublicKeyCredentialCreationOptionsJSON`. */
  create(options: { challenge: string; rp: { id: string } }) {
    const clientData = this.#clientData('webauthn.create', options.challenge);
    const authenticatorData = Buffer.concat([
      this.#head(options.rp.id, USER_PRESENT | USER_VERIFIED | WITH_CREDENTIAL),
      Buffer.alloc(16),
      uint16(this.#id.length),
      this.#id,
      this.#coseKey(),
    ]);
    const attestation = Buffer.concat([
      cborMap(3),
      ...[cborText('fmt'), cborText('none'), cborText('attStmt'), cborMap(0)],
      ...[cborText('authData'), cborBytes(authenticatorData)],
    ]);
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `PublicKeyCredentialRequestOptionsJSON`. */
  get(options: { challenge: string; rpId: string }) {
    this.#counter++;
    const clientData = this.#clientData('webauthn.get', options.challenge);
    const authenticatorData = this.#head(options.rpId, USER_PRESENT | USER_VERIFIED);
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
    });
  }

  #credential(response: Record<string, unknown>) {
    const id = this.#id.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }));
  }

  #head(relyingPartyId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    return Buffer.concat([sha256(Buffer.from(relyingPartyId)), Buffer.from([flags]), counter]);
  }

  /** COSE_Key of RFC 9053 §7.1.1: kty 2 (EC2), alg −7 (ES256), crv 1 (P-256), x, y. */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      cborMap(5),
      Buffer.from([0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      cborBytes(Buffer.from(y, 'base64url')),
    ]);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Heads of CBOR items (RFC 8949 §3): major type and a length below 65,536. */
function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.concat([Buffer.from([(major << 5) | 25]), uint16(length)]);
}

const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborText = (text: string): Buffer => Buffer.concat([cborHead(3, text.length), Buffer.from(text)]);
const cborMap = (pairs: number): Buffer => cborHead(5, pairs);
