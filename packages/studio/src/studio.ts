import { ok, type Result } from '@jamnet/base';
import { type OpenStudioOptions, openParts } from './composition/open-studio.ts';
import type { StudioConfig } from './config/studio-config.ts';
import { hasDiary, runSampleEvening } from './evening/evening.ts';
import type { EveningReport } from './evening/results.ts';
import type { StudioServices } from './http/services.ts';
import type { StepView } from './live/studio-state.ts';
import { isApart } from './roles/roles.ts';

/** A studio in this process. */
export interface Studio {
  readonly services: StudioServices;
  /** Whether the sample evening belongs here: the directory is new, or an evening was begun in it. */
  readonly wantsEvening: boolean;
  /** Where players reach the studio's own relay; present once the studio listens. */
  readonly relayAddress: { readonly host: string; readonly port: number };
  /**
   * Starts page, API, relay and coordinator; answers the page's address. A NATS server that is away is waited for, a minute at
   * most, then `bus-unreachable`; after the signal it is not (`bus-wait-ended`).
   */
  listen(signal?: AbortSignal): Promise<string>;
  /** Runs the sample evening, or goes on with one that was interrupted; needs `listen` first. */
  runEvening(onProgress: (step: StepView, index: number, count: number) => void): Promise<EveningReport>;
  close(): Promise<void>;
}

/** Opens the studio of a data directory; one process at a time may have it. */
export async function openStudio(config: StudioConfig, options: OpenStudioOptions): Promise<Result<Studio>> {
  const opened = await openParts(config, options);
  if (!opened.ok) return opened;
  const { services, parts, isNew, listen, close } = opened.value;
  const wantsEvening = !isApart(config.roles) && (isNew || hasDiary(config.dataDirectory));
  return ok({
    services,
    wantsEvening,
    get relayAddress() {
      return parts.relayAddress;
    },
    listen,
    close,
    runEvening: (onProgress) => runSampleEvening(parts, onProgress),
  });
}
