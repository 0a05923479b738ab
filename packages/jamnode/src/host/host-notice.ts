import type { HostNotice } from '@jamnet/mesh';
import type { HostRules } from '../rules/host-rules.ts';
import type { PauseReason } from '../rules/judge-rules.ts';

/** What the studio may show the owner of a machine elsewhere than at that machine: its rules, and which of them holds it now. No device is named. */
export function hostNotice(rules: HostRules, reasons: readonly PauseReason[]): HostNotice {
  return {
    // A card each may be too hot: one code is enough.
    paused: [...new Set(reasons.map(({ code }) => code))],
    rules: {
      schedule: rules.scheduleLines.map((line) => line.trim().toLowerCase()),
      idleMinutes: rules.idleMinutes,
      gpuTemperatureCelsiusMax: rules.gpuTemperatureCelsiusMax,
      gpuPowerWattsMax: rules.gpuPowerWattsMax,
      bandwidthMbitPerSecondMax: rules.bandwidthMbitPerSecondMax,
      devicesOff: rules.devicesOff.length,
    },
  };
}
