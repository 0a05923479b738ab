import { expect, test } from 'vitest';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { HEADER_BYTES, HOP_TAG_BYTES } from '../wire/header.ts';
import { RelayMail } from './relay-mail.ts';

const TO = { address: '10.0.0.1:5', hopKey: new Uint8Array(32), epoch: 1 };
const EMPTY_BYTES = JSON.stringify({ t: 'challenge', cookie: '' }).length;
const COOKIE_MAX = DATAGRAM_BYTES_MAX - HEADER_BYTES - HOP_TAG_BYTES - EMPTY_BYTES;

test('a message that fills a datagram goes out whole, and one that is longer is a mistake of ours that is named', () => {
  const mail = new RelayMail(testCrypto);
  mail.control(TO, { t: 'challenge', cookie: '0'.repeat(COOKIE_MAX) });
  expect(mail.outgoing.shift()?.bytes.length).toBe(DATAGRAM_BYTES_MAX);
  expect(() => mail.control(TO, { t: 'challenge', cookie: '0'.repeat(COOKIE_MAX + 1) })).toThrow(
    'control message fits a datagram',
  );
  expect(mail.outgoing.length).toBe(0);
});
