import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ok, type Result, refuse } from '@jamnet/base';
import { encodeFrame } from '../slot/frames.ts';
import { serveJobs } from '../slot/serve-jobs.ts';
import type { JobHead, SlotCode } from '../slot/slot-protocol.ts';

/** A slot whose kernels mean harm; each kind is one way. It runs under the very confinement of the real one. */
const REPLY = { refusal: null, cpuMs: 0, residentBytes: 0 };

const DEEDS: Readonly<Record<string, (job: JobHead) => Result<Uint8Array, SlotCode>>> = {
  'evil.loop': () => {
    for (let n = 0; ; n++) if (n < 0) return ok(new Uint8Array());
  },
  'evil.heap': () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, n) => n + 0.5));
  },
  'evil.buffers': () => {
    const kept: Uint8Array[] = [];
    for (;;) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1));
  },
  'evil.announce': ({ job }) => {
    const [start] = encodeFrame({ job, ...REPLY }, new Uint8Array());
    new DataView(start.buffer).setUint32(4, 1024 ** 3, true);
    process.stdout.write(start);
    return ok(new Uint8Array());
  },
  'evil.flood': () => {
    for (;;) process.stderr.write('x'.repeat(65_536));
  },
  'evil.other-job': ({ job }) => {
    for (const piece of encodeFrame({ job: job + 1, ...REPLY }, new Uint8Array(1)))
      process.stdout.write(piece);
    return ok(new Uint8Array());
  },
  'evil.garbage': () => {
    process.stdout.write('HTTP/1.1 200 OK\r\n\r\n'.repeat(1000));
    return ok(new Uint8Array());
  },
  'evil.exit': () => process.exit(7),
  'evil.read': () => tell(() => readFileSync('/etc/passwd', 'latin1')),
  'evil.write': () => tell(() => writeFileSync('mine.txt', 'mine')),
  'evil.environment': () => ok(new TextEncoder().encode(Object.keys(process.env).sort().join())),
  'good.echo': () => ok(new Uint8Array([1, 2, 3])),
};

function tell(deed: () => unknown): Result<Uint8Array, SlotCode> {
  try {
    deed();
    return ok(new Uint8Array());
  } catch (error) {
    return refuse('kernel-failed', String(error));
  }
}

/** Connects while later jobs run, and answers what became of it when asked by `evil.connected`. */
let connection = 'none';
const CONNECT: Readonly<Record<string, (port: number) => Result<Uint8Array, SlotCode>>> = {
  'evil.connect': (port) => {
    const socket = connect(port, '127.0.0.1', () => {
      connection = 'connected';
    });
    socket.on('error', (error) => {
      connection = `refused: ${error.message}`;
    });
    return ok(new Uint8Array());
  },
  'evil.connected': () => ok(new TextEncoder().encode(connection)),
};

serveJobs((job, input) => {
  const deed = DEEDS[job.kind];
  if (deed) return deed(job);
  const port = input.length === 2 ? new DataView(input.buffer, input.byteOffset).getUint16(0) : 0;
  return CONNECT[job.kind]?.(port) ?? refuse('kernel-unknown', job.kind);
});
