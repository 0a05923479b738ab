import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { isDueForRenewal, makeCertificate } from './certificate.ts';

const NOW_MS = Date.UTC(2026, 10, 22);

test('is a P-256 certificate of at most 14 days that OpenSSL reads, signed by its own key, pinned by its hash', () => {
  for (let i = 0; i < 20; i++) {
    const made = makeCertificate('127.0.0.1', NOW_MS);
    const read = new X509Certificate(made.certificatePem);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(made.privateKeyPem))).toBe(true);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    const from = Date.parse(read.validFrom);
    const to = Date.parse(read.validTo);
    expect([from <= NOW_MS, to > NOW_MS, to - from <= 14 * 24 * 3600_000, to]).toEqual([
      true,
      true,
      true,
      made.notAfterMs,
    ]);
    expect(Buffer.from(made.sha256)).toEqual(createHash('sha256').update(read.raw).digest());
  }
});

test('is renewed three days before it ends', () => {
  const made = makeCertificate('127.0.0.1', NOW_MS);
  const day = 24 * 3600_000;
  expect(isDueForRenewal(made, NOW_MS)).toBe(false);
  expect(isDueForRenewal(made, made.notAfterMs - 4 * day)).toBe(false);
  expect(isDueForRenewal(made, made.notAfterMs - 2 * day)).toBe(true);
});
