import { Failure, fromHex } from '@jamnet/base';
import type { UdpPortKind } from '@jamnet/jambox';
import { startUdpRelay } from './udp-relay.ts';

/**
 * A relay as a process of its own: `node main.ts '{"host":"127.0.0.1","port":0,"tokenKeyHex":"…"}'`.
 * Prints `{"type":"listening","port":…}`, then counters every `statsEveryMs` (default 1,000) while its thread
 * goes on, as JSON lines; SIGTERM ends it.
 */
interface RelayArguments {
  readonly host: string;
  readonly port: number;
  readonly tokenKey: Uint8Array;
  readonly statsEveryMs: number;
  readonly udp?: UdpPortKind;
}

function parse(text: string | undefined): RelayArguments | string {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return 'Give the options as one JSON argument: {"host":"127.0.0.1","port":0,"tokenKeyHex":"<64 hex digits>"}';
  }
  if (typeof value !== 'object' || value === null) return 'The options are one JSON object.';
  const {
    host = '127.0.0.1',
    port = 0,
    tokenKeyHex,
    statsEveryMs = 1000,
    udp,
  } = value as Record<string, unknown>; // an object by the line above
  const tokenKey = typeof tokenKeyHex === 'string' ? fromHex(tokenKeyHex) : null;
  if (typeof host !== 'string') return '"host" is an IP address.';
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65535)
    return '"port" is 0 to 65535.';
  if (tokenKey?.length !== 32) return '"tokenKeyHex" has 64 hex digits.';
  if (typeof statsEveryMs !== 'number' || statsEveryMs < 50) return '"statsEveryMs" is at least 50.';
  if (udp !== undefined && udp !== 'mmsg' && udp !== 'dgram') return '"udp" is "mmsg" or "dgram".';
  return { host, port, tokenKey, statsEveryMs, ...(udp === undefined ? {} : { udp }) };
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
const relay = await startUdpRelay(options).catch((error: unknown) => {
  if (!(error instanceof Failure)) throw error;
  print({ type: 'error', code: error.code, message: error.message });
  process.exit(1);
});
const since = { cpu: process.cpuUsage(), ms: performance.now() };
print({
  type: 'listening',
  host: options.host,
  port: relay.port,
  udp: relay.udp,
  scheduling: relay.priority.scheduling,
});
let turnsTold = -1;
const timer = setInterval(() => {
  const stats = relay.stats();
  // Whoever started us takes silence for what it is then: the thread hangs, though this one does not.
  if (stats.turns !== turnsTold) print({ type: 'stats', ...stats });
  turnsTold = stats.turns;
}, options.statsEveryMs);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    clearInterval(timer);
    const { user, system } = process.cpuUsage(since.cpu);
    const cpuPercent = Math.round((user + system) / Math.max(1, performance.now() - since.ms)) / 10;
    await relay.close();
    print({ type: 'closed', ...relay.stats(), cpuPercent, cpuUs: user + system });
    process.exit(0);
  });
}
