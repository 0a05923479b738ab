import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, der, integer, isTrue, octets, oid, sequence, setOf, text, time } from './der.ts';

/** Browsers take a certificate pinned by its hash only when it is ECDSA P-256 and valid for at most 14 days. */
const VALID_MS = 13 * 24 * 3600_000;
/** Clocks of players may lag. */
const BACKDATED_MS = 3600_000;
/** A new one is made when less than this is left. */
const RENEW_BEFORE_MS = 3 * 24 * 3600_000;

export interface PinnedCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** SHA-256 of the DER: what `serverCertificateHashes` wants. */
  readonly sha256: Uint8Array;
  readonly der: Uint8Array;
  readonly notAfterMs: number;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A fresh self-signed certificate (RFC 5280) for `host`; nobody but the browsers told its hash trusts it. */
export function makeCertificate(host: string, nowMs: number): PinnedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const notAfterMs = nowMs - BACKDATED_MS + VALID_MS;
  const name = sequence(setOf(sequence(oid('2.5.4.3'), text('JAMNet studio'))));
  const serial = randomBytes(15);
  const body = sequence(
    der(0xa0, integer(2)), // version 3
    integer(0x40, ...serial),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(nowMs - BACKDATED_MS), time(notAfterMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames(host), keyUsage(), serverAuth())),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return {
    certificatePem: pem('CERTIFICATE', certificate),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sha256: createHash('sha256').update(certificate).digest(),
    der: certificate,
    notAfterMs,
  };
}

export function isDueForRenewal(certificate: PinnedCertificate, nowMs: number): boolean {
  return nowMs >= certificate.notAfterMs - RENEW_BEFORE_MS;
}

/** §4.2.1.6: names are [2], addresses [7]. */
function alternativeNames(host: string): Uint8Array {
  const address = isIPv4(host) ? [der(0x87, Uint8Array.from(host.split('.').map(Number)))] : [];
  return sequence(oid('2.5.29.17'), octets(sequence(der(0x82, Buffer.from('localhost')), ...address)));
}

/** §4.2.1.3, critical: digitalSignature alone. */
function keyUsage(): Uint8Array {
  return sequence(oid('2.5.29.15'), isTrue, octets(der(0x03, Uint8Array.of(7, 0x80))));
}

function serverAuth(): Uint8Array {
  return sequence(oid('2.5.29.37'), octets(sequence(oid('1.3.6.1.5.5.7.3.1'))));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
