import { Failure } from '@jamnet/base';
import { type NodeOptions, runNode } from '@jamnet/jamnode';
import { roundOneChunkToInt8 } from './round-to-int8.ts';

/**
 * A real node that cheats: it computes honestly, then rounds one chunk of eight before it commits. The same JSON argument,
 * events and signals as `jamnode/src/main.ts`; it exits 0 when the studio has banned it, for that is its purpose.
 */
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

// Started by our own simulation and sample evening only; the studio checks what it claims.
const options = JSON.parse(process.argv[2] ?? '{}') as Omit<NodeOptions, 'signal' | 'onEvent' | 'tamper'>;

try {
  await runNode({
    ...options,
    signal: stop.signal,
    onEvent: say,
    // It wants to earn by tasks; in the real-time lane there is nothing to round.
    grooveSessions: 0,
    tamper: ({ kind }, result) => roundOneChunkToInt8(kind, result),
  });
} catch (error) {
  const code = error instanceof Failure ? error.code : 'failed';
  say({ type: 'stopped', code, message: error instanceof Error ? error.message : String(error) });
  if (code !== 'node-banned') process.exitCode = 1;
}
