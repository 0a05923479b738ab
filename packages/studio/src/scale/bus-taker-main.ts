import { openNatsBus } from '@jamnet/bus';

/** Counts what comes through NATS; the argument is {@link BusTaker} in JSON. One line when it listens, one when all have come. */
export interface BusTaker {
  readonly url: string;
  readonly subject: string;
  readonly events: number;
}

const { url, subject, events } = JSON.parse(process.argv[2] ?? '{}') as BusTaker; // Our own parent wrote it.
const bus = await openNatsBus(url, 'bench-taker');
let taken = 0;
bus.subscribe(subject, () => {
  if (++taken === events) process.stdout.write(`${JSON.stringify({ taken })}\n`);
});
await bus.flush();
process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);
process.once('SIGTERM', () => void bus.close().then(() => process.exit(0)));
