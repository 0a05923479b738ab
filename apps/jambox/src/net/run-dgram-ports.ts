import { localNowUs } from '../local-clock.ts';
import { Alarm } from './alarm.ts';
import type { DgramPort } from './dgram-port.ts';
import { STOP, type UdpHandler, WAKE_EVERY_US_MAX } from './udp-port.ts';

/** Serves on the event loop, with an alarm's thread for the moments between timers. */
export async function runDgramPorts(ports: readonly DgramPort[], handler: UdpHandler): Promise<void> {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let isOver = false;
  let isTurnAsked = false;
  const turn = (): void => {
    isTurnAsked = false;
    if (isOver) return;
    const nowUs = localNowUs();
    const dueUs = handler.wake(nowUs);
    isOver = dueUs === STOP;
    if (isOver) finish();
    else if (dueUs <= localNowUs()) askTurn();
    else alarm.set(Math.min(dueUs, nowUs + WAKE_EVERY_US_MAX));
  };
  // Behind the sockets' part of the event loop, so that a late turn still finds what arrived before it.
  const askTurn = (): void => {
    if (isTurnAsked) return;
    isTurnAsked = true;
    setImmediate(turn);
  };
  const alarm = new Alarm(askTurn);
  for (const port of ports) {
    port.serve(({ bytes, from }) => {
      if (isOver) return;
      handler.datagram(localNowUs(), bytes, from, port);
      askTurn();
    });
  }
  askTurn();
  try {
    await finished;
  } finally {
    for (const port of ports) port.serve(null);
    await alarm.stop();
  }
}
