import { localNowUs, openUdpPort, raiseThread, runPorts, STOP } from '@jamnet/jambox';

/**
 * One end of the bare chain of `bare-chain.ts`: sends a datagram of a packet's size at the end of each period, or listens and
 * tells how long after its period's end each came. `node bare-end-main.ts '{"role":"speaker","port":5000,...}'`.
 */
const { role, port, packets, periodUs, bytes } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly role: 'speaker' | 'listener';
  /** Of the reflector. */
  readonly port: number;
  readonly packets: number;
  readonly periodUs: number;
  readonly bytes: number;
}; // from bare-chain.ts of this folder

/** The listener ends so long after the last datagram; the speaker lets it be admitted first, and may take its time to start. */
const SILENCE_US = 300_000;
const LEAD_US = 100_000;
const START_US_MAX = 10_000_000;

/** Both ends read the machine's own clock. Of several looks at both clocks the one with least between them counts. */
const offsetUs = clockOffsetUs();
const datagram = new Uint8Array(bytes);
const view = new DataView(datagram.buffer);
const lateUs: number[] = new Array(packets).fill(0);
let taken = 0;
let heardUs = Number.POSITIVE_INFINITY;
let sent = 0;

function clockOffsetUs(): number {
  let best = { apartUs: Number.POSITIVE_INFINITY, offsetUs: 0 };
  for (let look = 0; look < 9; look++) {
    const before = localNowUs();
    const machineUs = Number(process.hrtime.bigint()) / 1000;
    const apartUs = localNowUs() - before;
    if (apartUs < best.apartUs) best = { apartUs, offsetUs: machineUs - before - apartUs / 2 };
  }
  return best.offsetUs;
}

function isOver(nowUs: number): boolean {
  return nowUs - heardUs > SILENCE_US || nowUs > beginUs + packets * periodUs + START_US_MAX;
}

const socket = await openUdpPort({ host: '127.0.0.1', port: 0, remote: { host: '127.0.0.1', port } });
raiseThread();
const beginUs = localNowUs() + LEAD_US;
socket.send(datagram, ''); // The reflector admits whom it hears.
socket.flush();
process.stdout.write('{"type":"ready"}\n');
await runPorts([socket], {
  datagram: (nowUs, came) => {
    const dueUs = new DataView(came.buffer, came.byteOffset).getFloat64(0);
    if (role === 'speaker' || dueUs === 0) return;
    heardUs = nowUs;
    if (taken < packets) lateUs[taken++] = nowUs + offsetUs - dueUs;
  },
  wake: (nowUs) => {
    if (role === 'listener') return isOver(nowUs) ? STOP : nowUs + SILENCE_US / 10;
    const dueUs = beginUs + (sent + 1) * periodUs;
    if (nowUs < dueUs) return dueUs;
    if (sent++ === packets) return STOP;
    view.setFloat64(0, dueUs + offsetUs);
    socket.send(datagram, '');
    return dueUs + periodUs;
  },
});
socket.close();
process.stdout.write(`${JSON.stringify({ type: 'closed', lateUs: lateUs.slice(0, taken) })}\n`, () =>
  process.exit(0),
);
