import { DelayHistogram } from '../delay-histogram.ts';
import { openUdpPort } from '../net/open-udp-port.ts';
import { runPorts } from '../net/run-ports.ts';
import { STOP } from '../net/udp-port.ts';
import { raiseThread, type ThreadPriority } from '../realtime/priority.ts';

const PERIOD_US = (64 / 48_000) * 1e6;

/** How a thread that does nothing but wait for the ends of 64-frame periods is woken. */
export interface PacingProbe extends ThreadPriority {
  readonly periods: number;
  readonly lateUsP50: number;
  readonly lateUsP99: number;
  /** Periods to whose end it came a whole period late or more. */
  readonly periodsLate: number;
}

/** Blocks the calling thread for `seconds`, in the very wait that the engine uses. */
export async function probePacing(seconds: number): Promise<PacingProbe> {
  const priority = raiseThread();
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const lateness = new DelayHistogram();
  const periods = Math.ceil((seconds * 1e6) / PERIOD_US);
  let done = 0;
  let dueUs = 0;
  await runPorts([port], {
    datagram: () => undefined,
    wake: (nowUs) => {
      if (dueUs === 0) dueUs = nowUs + PERIOD_US;
      if (nowUs < dueUs) return dueUs;
      lateness.add(nowUs - dueUs);
      dueUs += PERIOD_US;
      return ++done === periods ? STOP : dueUs;
    },
  });
  port.close();
  return {
    ...priority,
    periods,
    lateUsP50: Math.round(lateness.quantileMs(0.5) * 1000),
    lateUsP99: Math.round(lateness.quantileMs(0.99) * 1000),
    periodsLate: lateness.countAbove(PERIOD_US),
  };
}
