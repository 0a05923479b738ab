export const PATH_COUNTERS = [
  'opened',
  'closed',
  'refusedTicket',
  'refusedFull',
  'toRelay',
  'toPage',
  'oversized',
  'malformed',
  'rateLimited',
  'pageFull',
  'moved',
] as const;
export type PathCounters = Record<(typeof PATH_COUNTERS)[number], number>;

export function newPathCounters(): PathCounters {
  return Object.fromEntries(PATH_COUNTERS.map((name) => [name, 0])) as PathCounters; // every name is set
}
