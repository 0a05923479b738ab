import { writeSync } from 'node:fs';
import { raiseThread } from '@jamnet/jambox';
import type { LinkOptions } from './link-options.ts';
import { UdpLink } from './udp-link.ts';

/**
 * A bad network as a process of its own, told what to be by the bench (`link-options.ts`). Its thread blocks, so it writes lines past
 * the event loop: `listening`, then its counters each second. SIGTERM ends it, and so does a reader who is gone.
 */
const print = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const options = JSON.parse(process.argv[2] ?? '{}') as LinkOptions; // written by our own bench
const link: UdpLink = await UdpLink.open(options, () => print({ type: 'counters', ...link.counters }));
const { scheduling } = raiseThread();
print({ type: 'listening', port: link.port, scheduling });
await link.run();
