import { writeSync } from 'node:fs';
import { openUdpPort, raiseThread, runPorts } from '@jamnet/jambox';

/** Stands where the relay would: sends every datagram back to where it came from. Prints `listening`. */
const LOOK_EVERY_US = 1_000_000;
const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
raiseThread();
writeSync(1, `${JSON.stringify({ type: 'listening', port: port.port })}\n`);
await runPorts([port], {
  datagram: (_, bytes, from) => port.send(bytes, from),
  wake: (nowUs) => nowUs + LOOK_EVERY_US,
});
