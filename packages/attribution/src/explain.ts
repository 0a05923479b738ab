import { ok, type Result, refuse } from '@jamnet/base';
import { type AttributeCode, type AttributeOptions, attributeInDetail } from './attribute.ts';
import { SHARE_PARTS } from './core/shares.ts';
import type { Place } from './core/weigh.ts';

export type ExplainCode = AttributeCode | 'location-malformed' | 'no-statement-there';

/** Why a line earns what it earns. */
export interface Explanation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Commit that first brought this statement, wherever it stood then. */
  readonly commit: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly tokens: number;
  readonly uses: number;
  /** Part of all weight, out of 10⁹, rounded down. */
  readonly share: number;
  /** Its hunk changed no output, so it earns nothing. Known only where the gate ran. */
  readonly isGated: boolean;
  /** Other places that hold the same statement; it is paid once. */
  readonly alsoAt: readonly string[];
}

/** Explains the statements that begin on, or else cover most closely, `PATH:LINE`. */
export async function explain(
  options: AttributeOptions,
  location: string,
): Promise<Result<readonly Explanation[], ExplainCode>> {
  const match = /^(.+):([1-9]\d{0,8})$/.exec(location);
  if (match === null)
    return refuse('location-malformed', `"${location}" is no place: write PATH:LINE, e.g. src/index.ts:12.`);
  const [path = '', line] = [match[1], Number(match[2])];
  const found = await attributeInDetail(options);
  if (!found.ok) return found;
  const { statements, report } = found.value;
  const names = new Map(report.people.map((person) => [person.id, person.name]));
  const total = statements.reduce((sum, one) => (one.people.length > 0 ? sum + one.weight : sum), 0n);
  const covering = statements.flatMap((one) => {
    const place = nearestPlace(one.places, path, line);
    return place === null ? [] : [{ one, place }];
  });
  const nearest = covering.reduce((most, { place }) => Math.max(most, place.startLine), 0);
  const explained = covering
    .filter(({ place }) => place.startLine === nearest)
    .map(({ one, place }) => ({
      ...place,
      commit: one.commit,
      people: one.people.map((id) => ({ id, name: names.get(id) ?? id })),
      tokens: one.tokens,
      uses: one.uses,
      isGated: one.isGated,
      share: total === 0n || one.people.length === 0 ? 0 : Number((SHARE_PARTS * one.weight) / total),
      alsoAt: [...new Set(one.places.map(lineOf))].filter((other) => other !== lineOf(place)),
    }));
  if (explained.length === 0) {
    const isFile = statements.some((one) => one.places.some((place) => place.path === path));
    return refuse(
      'no-statement-there',
      isFile
        ? `${location} holds no statement: comments, types and imports earn nothing.`
        : `No file ${path} with statements stands at ${report.head.slice(0, 12)}: give its path from the top of the repository, as it is committed.`,
    );
  }
  return ok(explained);
}

/** Of the places on that line the one that begins last. */
function nearestPlace(places: readonly Place[], path: string, line: number): Place | null {
  return places
    .filter((place) => place.path === path && place.startLine <= line && line <= place.endLine)
    .reduce<Place | null>((best, place) => (best && best.startLine >= place.startLine ? best : place), null);
}

function lineOf({ path, startLine }: Place): string {
  return `${path}:${startLine}`;
}
