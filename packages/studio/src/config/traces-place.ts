import type { ConfigIssue } from './read-settings.ts';
import type { SettingName } from './settings.ts';

/** Where traces go, and how many of them. */
export interface TracesPlace {
  /** Base URL of an OTLP/HTTP collector, without a stroke at its end; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  /** Share of traces that are sent, 0 to 1. */
  readonly ratio: number;
}

export type RawTracesPlace = {
  readonly [name in Extract<SettingName, `traces${string}`>]?: string | undefined;
};

const ENDPOINT = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*?)?\/*$/;
const RATIO = /^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/;

/** `null`: no traces are taken. */
export function parseTracesPlace(
  { tracesEndpoint, tracesRatio = '1' }: RawTracesPlace,
  issues: ConfigIssue[],
): TracesPlace | null {
  if (!RATIO.test(tracesRatio))
    issues.push({
      setting: 'tracesRatio',
      message: `--traces-ratio ${tracesRatio} is no share of the traces: give 0 to 1, as 0.05.`,
    });
  if (tracesEndpoint === undefined) return null;
  if (!ENDPOINT.test(tracesEndpoint))
    issues.push({
      setting: 'tracesEndpoint',
      message: `--traces-endpoint ${tracesEndpoint} is no http(s)://HOST[:PORT][/PATH] of a collector.`,
    });
  return { endpoint: tracesEndpoint.replace(/\/+$/, ''), ratio: Number(tracesRatio) };
}
