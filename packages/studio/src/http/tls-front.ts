import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:https';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import type { Exposure, TlsFiles } from '../config/exposure.ts';
import { type Front, type FrontAddress, openFront, REQUEST_MS } from './front.ts';

/** How often the files are looked at: what renews certificates writes new ones days ahead. */
const LOOK_MS = 600_000;
/** Who has not shaken hands by then has no TLS to speak. */
const HANDSHAKE_MS = 10_000;

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads a certificate and its key and says what is wrong with them; `nowMs` is UTC. */
export function readTlsFiles(
  { certificateFile, keyFile }: TlsFiles,
  hostname: string,
  nowMs: number,
): Result<Pair, 'tls-unusable'> {
  try {
    const [cert, key] = [readFileSync(certificateFile), readFileSync(keyFile)];
    const own = readAs('certificate', certificateFile, () => new X509Certificate(cert));
    readAs('key', keyFile, () => createPrivateKey(key));
    createSecureContext({ cert, key }); // throws where they do not belong together
    if (Date.parse(own.validFrom) > nowMs)
      return refuse(
        'tls-unusable',
        `${certificateFile} begins on ${own.validFrom} only: is the clock right?`,
      );
    if (Date.parse(own.validTo) <= nowMs)
      return refuse('tls-unusable', `${certificateFile} ended on ${own.validTo}: renew it.`);
    if (covers(own, hostname) === undefined)
      return refuse(
        'tls-unusable',
        `${certificateFile} is not for ${hostname}: it names ${own.subjectAltName}.`,
      );
    return ok({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('tls-unusable', `--tls-cert and --tls-key cannot be used: ${why}.`);
  }
}

/** What OpenSSL says does not name the file. */
function readAs<T>(what: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} cannot be read as a PEM ${what} (${why})`, { cause });
  }
}

/** The name or address of the certificate that `hostname` is; an IPv6 address stands in brackets in a URL. */
function covers(certificate: X509Certificate, hostname: string): string | undefined {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(address);
}

export interface TlsFront extends Front {
  /** Takes the files as they are now; false, and a line to `onFault`, when they are of no use: the old ones stay. */
  renew(): boolean;
}

/** The studio's public side: TLS in front of the same server. */
export async function openTlsFront(
  inner: Server,
  options: FrontAddress & {
    readonly exposure: Exposure & { readonly tls: TlsFiles };
    /** UTC ms. */
    readonly nowMs: () => number;
    readonly onFault: (message: string) => void;
  },
): Promise<TlsFront> {
  const { exposure, nowMs, onFault } = options;
  const read = () => readTlsFiles(exposure.tls, exposure.hostname, nowMs());
  const first = read();
  if (!first.ok) throw new Failure(first.code, first.message);
  const server = createServer({
    ...first.value,
    minVersion: 'TLSv1.2',
    requestTimeout: REQUEST_MS,
    handshakeTimeout: HANDSHAKE_MS,
  });
  const front = await openFront(inner, server, options);
  let changedMs = changeOf(exposure.tls);
  const renew = (): boolean => {
    const next = read();
    if (next.ok) server.setSecureContext(next.value);
    else onFault(next.message);
    return next.ok;
  };
  const timer = setInterval(() => {
    const now = changeOf(exposure.tls);
    if (now === changedMs) return;
    changedMs = now;
    renew();
  }, LOOK_MS);
  timer.unref();
  return {
    port: front.port,
    renew,
    close: async () => {
      clearInterval(timer);
      await front.close();
    },
  };
}

/** When either file last changed, ms; −1 while one is missing. */
function changeOf({ certificateFile, keyFile }: TlsFiles): number {
  const times = [certificateFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs);
  return times.reduce<number>(
    (most, time) => (time === undefined || most < 0 ? -1 : Math.max(most, time)),
    0,
  );
}
