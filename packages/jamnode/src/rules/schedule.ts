import { ok, type Result, refuse } from '@jamnet/base';

/** A time of the week in minutes since Monday 00:00, local time of the machine: 0 … 10,079. */
export type WeekMinute = number;

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const DAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const SPAN = /^([a-z]{3})(?:-([a-z]{3}))?(?: (\d{2}):(\d{2})-(\d{2}):(\d{2}))?$/;

/** Half-open spans of the week in which a host works; one that runs over Sunday night is two. */
export type Schedule = readonly { readonly from: WeekMinute; readonly to: WeekMinute }[];

/**
 * One line of a schedule: `mon-fri 18:00-08:00`, `sat 10:00-22:00`, `sat-sun`. A time that ends before it begins ends on the
 * next day; `00:00-00:00` is the whole day, as is a day without times.
 */
export function readSchedule(line: string): Result<Schedule, 'schedule-malformed'> {
  const match = SPAN.exec(line.trim().toLowerCase());
  const first = dayOf(match?.[1]);
  const last = match?.[2] === undefined ? first : dayOf(match[2]);
  const from = minuteOf(match?.[3], match?.[4]);
  const to = minuteOf(match?.[5], match?.[6]);
  if (!match || first === null || last === null || from === null || to === null)
    return refuse(
      'schedule-malformed',
      `"${line.slice(0, 40)}" is no time of the week: write "mon-fri 18:00-08:00" or "sat-sun".`,
    );
  const minutes = to > from ? to - from : to - from + DAY_MINUTES;
  const dayCount = ((last - first + 7) % 7) + 1;
  const spans = Array.from({ length: dayCount }, (_, n) => {
    const start = ((first + n) % 7) * DAY_MINUTES + from;
    return { from: start, to: start + minutes };
  });
  return ok(spans.flatMap(withinWeek));
}

export function isWithin(schedule: Schedule, at: WeekMinute): boolean {
  return schedule.some(({ from, to }) => at >= from && at < to);
}

/** Minutes until the schedule says so again, 0 … 10,080; `null` when it never does. */
export function minutesUntil(schedule: Schedule, at: WeekMinute): number | null {
  if (isWithin(schedule, at)) return 0;
  const waits = schedule.map(({ from }) => (from - at + WEEK_MINUTES) % WEEK_MINUTES);
  return waits.length === 0 ? null : Math.min(...waits);
}

/** The machine's local time, as its owner reads it from the clock on the wall. */
export function weekMinuteOf(date: Date): WeekMinute {
  const mondayFirst = (date.getDay() + 6) % 7;
  return mondayFirst * DAY_MINUTES + date.getHours() * 60 + date.getMinutes();
}

function withinWeek({ from, to }: { from: number; to: number }): Schedule {
  if (to <= WEEK_MINUTES) return [{ from, to }];
  return [
    { from, to: WEEK_MINUTES },
    { from: 0, to: to - WEEK_MINUTES },
  ];
}

function dayOf(name: string | undefined): number | null {
  const day = DAYS.indexOf(name ?? '');
  return day < 0 ? null : day;
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | null {
  if (hours === undefined || minutes === undefined) return 0;
  const [h, m] = [Number(hours), Number(minutes)];
  return h < 24 && m < 60 ? h * 60 + m : null;
}
