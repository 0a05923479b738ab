import { metricsText } from '../mesh/operator/metrics-text.ts';
import type { Readiness } from './health-desk.ts';

/** For Prometheus: whether the studio can do its work, part by part; names no path, address or person. */
export function healthMetrics({ state, checks }: Readiness, uptimeSeconds: number): string {
  return metricsText([
    {
      ...{ name: 'jamnet_ready', help: '1 when all that is needed works.', type: 'gauge' },
      samples: [{ value: state === 'not-ready' ? 0 : 1 }],
    },
    {
      ...{ name: 'jamnet_check_ok', help: '1 when this part was found well.', type: 'gauge' },
      samples: checks.map(({ name, state: found }) => ({
        labels: { check: name },
        value: found === 'ok' ? 1 : 0,
      })),
    },
    {
      ...{ name: 'jamnet_uptime_seconds', help: 'Since the studio process began.', type: 'gauge' },
      samples: [{ value: Math.floor(uptimeSeconds) }],
    },
  ]);
}
