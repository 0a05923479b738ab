import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { UdpPortKind } from '@jamnet/jambox';
import { parseTrace } from '@jamnet/pnbtr';
import type { ImpairmentDelay } from './impairment.ts';
import type { ImpairmentProxyOptions } from './impairment-proxy.ts';

/**
 * The impairment proxy as a process of its own:
 * `node impairment-proxy-main.ts '{"relay":{"host":"127.0.0.1","port":9000},"traceFile":"loss.txt","delay":{"fixedMs":0,"jitterMs":3,"distribution":"uniform"},"seed":"1"}'`.
 * Prints `{"type":"listening","port":…}`, its counters every second, and once more when SIGTERM ends it.
 */
type Fields = Record<string, unknown>;

function parse(text: string | undefined): ImpairmentProxyOptions | string {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return 'Give the options as one JSON argument, at least {"relay":{"host":"127.0.0.1","port":9000}}.';
  }
  if (!isFields(value) || !isFields(value.relay)) return '"relay" says host and port of the relay.';
  const { host = '127.0.0.1', port = 0, traceFile, delay, seed = '1', udp } = value;
  const { host: relayHost, port: relayPort } = value.relay;
  if (typeof host !== 'string' || typeof relayHost !== 'string')
    return '"host" and "relay.host" are IP addresses.';
  if (!isPort(port) || !isPort(relayPort) || typeof seed !== 'string')
    return '"port" and "relay.port" are 0 to 65535, "seed" a text.';
  if (udp !== undefined && udp !== 'mmsg' && udp !== 'dgram') return '"udp" is "mmsg" or "dgram".';
  const system: { udp?: UdpPortKind } = udp === undefined ? {} : { udp };
  const trace = traceFile === undefined ? new Uint8Array(0) : readTrace(traceFile);
  if (trace === null) return '"traceFile" names a text file of the digits 0 and 1, 1 for a lost packet.';
  const base = {
    host,
    port,
    relay: { host: relayHost, port: relayPort },
    trace,
    seed,
    ...system,
  };
  if (delay === undefined) return base;
  const parsed = parseDelay(delay);
  return parsed === null
    ? '"delay" has fixedMs and jitterMs from 0 to 1000 and distribution uniform or half-normal.'
    : { ...base, delay: parsed };
}

function readTrace(file: unknown): Uint8Array | null {
  if (typeof file !== 'string') return null;
  try {
    const trace = parseTrace(readFileSync(file, 'utf8'));
    return trace.ok ? trace.value : null;
  } catch {
    return null;
  }
}

function parseDelay(value: unknown): ImpairmentDelay | null {
  if (!isFields(value)) return null;
  const { fixedMs = 0, jitterMs = 0, distribution = 'uniform' } = value;
  if (!isDelay(fixedMs) || !isDelay(jitterMs)) return null;
  return distribution === 'uniform' || distribution === 'half-normal'
    ? { fixedMs, jitterMs, distribution }
    : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535;
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1000;
}

// Whoever started this process and reads its lines is gone: nobody needs it any more.
process.stdout.on('error', () => process.exit(1));

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const options = parse(process.argv[2]);
if (typeof options === 'string') {
  print({ type: 'error', code: 'options-malformed', message: options });
  process.exit(2);
}
// The traffic has a thread of its own, which blocks; this one hears signals.
const stop = new SharedArrayBuffer(4);
const entry = new URL('./impairment-proxy-thread-main.ts', import.meta.url);
const worker = new Worker(entry, { workerData: { options, stop }, execArgv: [] });
worker.on('message', print);
worker.once('error', (error) => {
  print({ type: 'error', code: 'proxy-failed', message: error.message });
  process.exit(1);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    Atomics.store(new Int32Array(stop), 0, 1);
    await once(worker, 'exit');
    process.exit(0);
  });
}
