import { writeSync } from 'node:fs';
import { localNowUs, raiseThread } from '@jamnet/jambox';
import { TUN_ADDRESS, TUN_NAME, type TunOptions } from './link-options.ts';
import { TunDevice } from './tun-device.ts';
import { TunLink } from './tun-link.ts';

/** A bad network below TCP as a process of its own; like `udp-link-main.ts` its thread blocks. Prints `refused` where it may not be. */
const LOOK_EVERY_US = 20_000;
const COUNTS_EVERY_US = 1_000_000;
const print = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const options = JSON.parse(process.argv[2] ?? '{}') as TunOptions; // written by our own bench
let device: TunDevice;
try {
  device = TunDevice.open(TUN_NAME, `${TUN_ADDRESS.near}/30`);
} catch (error) {
  print({ type: 'listening', port: 0, refused: error instanceof Error ? error.message : String(error) });
  process.exit(0);
}
const link = new TunLink(options, options.serverPort);
const { scheduling } = raiseThread();
print({ type: 'listening', port: options.serverPort, scheduling });
for (let toldUs = 0; ; ) {
  const nowUs = localNowUs();
  for (let packet = device.read(); packet !== null; packet = device.read()) link.packet(nowUs, packet);
  for (let due = link.take(nowUs); due !== null; due = link.take(nowUs)) device.write(due);
  if (nowUs - toldUs > COUNTS_EVERY_US) {
    toldUs = nowUs;
    print({ type: 'counters', ...link.counters });
  }
  device.wait(Math.min(link.nextUs - localNowUs(), LOOK_EVERY_US));
}
