import type { TracesPlace } from '../config/traces-place.ts';
import type { Role } from '../roles/roles.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

/** Loads what it takes only where it is asked for: without a collector a studio holds none of it in memory. */
export async function openTracing(
  place: TracesPlace | null,
  about: { readonly version: string; readonly roles: readonly Role[] },
): Promise<Tracing> {
  if (place === null) return NO_TRACING;
  const { otlpTracing } = await import('./otlp-tracing.ts');
  return otlpTracing(place, about, (line) => process.stderr.write(line));
}
