import { Announcer } from './announcer.ts';
import type { LanBus } from './lan-bus.ts';
import type { LanService } from './lan-service.ts';
import type { ServiceRecord } from './service-records.ts';

/** Tells these networks of the service until the answer is called, which says goodbye and closes them. */
export async function announceService(
  service: LanService,
  buses: readonly LanBus[],
  nowMs: () => number,
): Promise<() => Promise<void>> {
  const tell = (bus: LanBus, records: readonly ServiceRecord[]): Promise<void> =>
    // A network that went away is no fault of the studio; those who ask again later are answered.
    records.length === 0 ? Promise.resolve() : bus.respond(records).catch(() => undefined);
  const announced = buses.map((bus) => ({ bus, announcer: new Announcer(service) }));
  for (const { bus, announcer } of announced) {
    bus.onQuery((questions) => void tell(bus, announcer.hear(nowMs(), questions)));
    await tell(bus, announcer.hello(nowMs()));
  }
  return async () => {
    for (const { bus, announcer } of announced) {
      await tell(bus, announcer.goodbye());
      await bus.close();
    }
  };
}
