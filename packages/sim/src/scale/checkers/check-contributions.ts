import type { Known } from '../known.ts';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';
import { rowsOf } from './rows-of.ts';

/** What was contributed is there once, with what it was worth, and taken by one closed epoch; nothing else is there. */
export function checkContributions(
  { database }: StudioProcess,
  known: Known,
  releasedUnits: ReadonlyMap<string, bigint>,
): { contributions: number } {
  const ends = new Map<string, bigint>();
  let lastEndUs = 0n;
  for (const { id, end_us } of rowsOf<{ id: string; end_us: bigint }>(
    database,
    "SELECT id, end_us FROM economy_epoch WHERE state = 'closed'",
  )) {
    ends.set(id, end_us);
    if (end_us > lastEndUs) lastEndUs = end_us;
  }
  let [contributions, playing, work] = [0, 0, 0];
  const sql = 'SELECT id, kind, merit, accepted_at_us, epoch_id FROM economy_contribution';
  for (const { id, kind, merit, accepted_at_us, epoch_id } of rowsOf<ContributionRow>(database, sql)) {
    contributions++;
    const worth = kind === 'music' ? known.playing.get(id) : releasedUnits.get(id);
    hold('contributions', worth !== undefined, () => `${kind} ${id} was contributed by nobody`);
    hold('contributions', worth === merit, () => `${kind} ${id} is worth ${merit}, not ${worth}`);
    if (kind === 'music') playing++;
    else work++;
    if (epoch_id !== null)
      hold('contributions', ends.has(epoch_id), () => `${id} was taken by ${epoch_id}, which is not closed`);
    else hold('contributions', accepted_at_us >= lastEndUs, () => `${kind} ${id} was taken by no epoch`);
  }
  hold(
    'contributions',
    playing === known.playing.size,
    () => `${known.playing.size - playing} rooms' reports are lost`,
  );
  for (const id of known.credited)
    hold('contributions', releasedUnits.has(id), () => `${id} was credited, not released`);
  hold(
    'contributions',
    work === known.credited.size,
    () => `${known.credited.size - work} of hosts' work are lost`,
  );
  return { contributions };
}

interface ContributionRow {
  readonly id: string;
  readonly kind: string;
  readonly merit: bigint;
  readonly accepted_at_us: bigint;
  readonly epoch_id: string | null;
}
