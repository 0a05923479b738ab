import type { Economy } from '@jamnet/economy';
import { NO_TRACING, spanOf, type Tracing } from './tracing.ts';

/** The same economy; a close is a span that tells its phases, whoever asked for it. */
export function traceEconomy(economy: Economy, tracing: Tracing): Economy {
  if (tracing === NO_TRACING) return economy;
  return {
    ...economy,
    close: (nowUs, epochId, options) =>
      spanOf(tracing, 'epoch close', (span) =>
        economy.close(nowUs, epochId, {
          ...options,
          onPhase(phase, durationMs) {
            span.reach(phase);
            options?.onPhase?.(phase, durationMs);
          },
        }),
      ),
  };
}
