import { openUdpPort, raiseThread, runPorts, STOP, type UdpPort } from '@jamnet/jambox';

/**
 * What a relay's system calls cost without a relay: each datagram goes on to all others of its group, unread. It shows how much of
 * a measured delay the load generator and the machine make themselves. `node reflector-main.ts '{"players":14,"udp":"mmsg"}'`;
 * a group is full with `players` senders, in the order in which they are first heard.
 */
const { players, udp } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly players: number;
  readonly udp?: 'mmsg' | 'dgram';
}; // from bench-relay.ts and bare-chain.ts of this folder

const SENDERS_MAX = 64;
const senders: string[] = [];
const othersOf = new Map<string, string[]>();
/** It ends so long after the last datagram; before it had one to send on, whoever comes next may take its time to start. */
const SILENCE_US = 1_000_000;
const START_US_MAX = 20_000_000;
let heardUs = Number.POSITIVE_INFINITY;
let forwarded = 0;

function admit(from: string): void {
  if (senders.length >= SENDERS_MAX) return;
  const group = senders.slice(senders.length - (senders.length % players));
  for (const other of group) othersOf.get(other)?.push(from);
  othersOf.set(from, group);
  senders.push(from);
}

const port = await openUdpPort({ host: '127.0.0.1', port: 0 }, udp);
process.stdout.write(`${JSON.stringify({ type: 'listening', port: port.port })}\n`);
const { scheduling } = raiseThread();
const before = process.cpuUsage();
await runPorts([port], {
  datagram: (nowUs: number, bytes: Uint8Array, from: string, via: UdpPort) => {
    heardUs = nowUs;
    const others = othersOf.get(from);
    if (others === undefined) admit(from);
    else {
      forwarded += others.length;
      via.sendEach(bytes, others);
    }
  },
  wake: (nowUs) => (nowUs - heardUs > (forwarded === 0 ? START_US_MAX : SILENCE_US) ? STOP : nowUs + 20_000),
});
const { user, system } = process.cpuUsage(before);
port.close();
const line = { type: 'closed', scheduling, forwarded, cpuUs: user + system };
process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
