import { attributeWithProfiles, SHARE_PARTS } from '@jamnet/attribution';
import { ok, type Result } from '@jamnet/base';
import type { StoredProfile } from './profile-folder.ts';

/** Profiles joined with one repository at most, those with the most ticks first: each takes a reading of its history. */
export const PROFILES_JOINED_MAX = 64;

/** How much of what a principal's sessions ran is whose: out of 10⁹ for each principal, as decimal text. */
export interface ProfiledUse {
  readonly principal: string;
  /** Git identity whose statements ran. */
  readonly person: string;
  readonly quantity: string;
}

export interface JoinInput {
  readonly repoDirectory: string;
  readonly repositoryName: string;
  readonly cacheDirectory: string;
  /** Heads that rewrites took away, see `seenHeads`. */
  readonly earlierHeads: readonly string[];
  /** Identities that somebody holds: `.mailmap` does not lead them elsewhere. */
  readonly claimedPersons: ReadonlySet<string>;
  readonly botList: readonly string[];
  /** Statements that the gate held back: they earn by no use. */
  readonly gatedKeys: ReadonlySet<string>;
  readonly profiles: readonly StoredProfile[];
  /** What each principal has paid, cents; who has paid nothing moves nothing. */
  readonly paidCents: ReadonlyMap<string, bigint>;
}

/**
 * Attributes each profile at the revision that ran: lines of another one would be other statements. Profiles of revisions that
 * this repository does not hold are of another program. Several revisions of a principal count by their ticks.
 */
export async function profileUses(input: JoinInput): Promise<Result<readonly ProfiledUse[]>> {
  const { profiles, paidCents, ...history } = input;
  const joined = profiles
    .filter(({ principal }) => (paidCents.get(principal) ?? 0n) > 0n)
    .map((profile) => ({ profile, ticks: ticksOf(profile) }))
    .sort((a, b) => b.ticks - a.ticks)
    .slice(0, PROFILES_JOINED_MAX);
  const ofPrincipal = new Map<string, { ticks: bigint; persons: Map<string, bigint> }>();
  for (const { profile, ticks } of joined) {
    const { principal, revision, files } = profile;
    const paidMinor = (paidCents.get(principal) ?? 0n).toString();
    const document = { schema: 'jamnet/profile/v1', principal, paidMinor, files };
    const found = await attributeWithProfiles({ ...history, revision, profiles: [document] });
    if (!found.ok && found.code === 'unknown-revision') continue;
    if (!found.ok) return found;
    const sum = ofPrincipal.get(principal) ?? { ticks: 0n, persons: new Map<string, bigint>() };
    ofPrincipal.set(principal, sum);
    // What ran none of this repository's statements says nothing about it.
    if (found.value.people.every(({ share }) => share === 0)) continue;
    sum.ticks += BigInt(ticks);
    for (const { id, share } of found.value.people)
      sum.persons.set(id, (sum.persons.get(id) ?? 0n) + BigInt(share) * BigInt(ticks));
  }
  return ok([...ofPrincipal].flatMap(([principal, sum]) => usesOf(principal, sum)));
}

function usesOf(
  principal: string,
  { ticks, persons }: { ticks: bigint; persons: ReadonlyMap<string, bigint> },
): ProfiledUse[] {
  return [...persons].flatMap(([person, weighted]) => {
    const quantity = weighted / ticks;
    return quantity > 0n && quantity <= SHARE_PARTS
      ? [{ principal, person, quantity: quantity.toString() }]
      : [];
  });
}

function ticksOf({ files }: StoredProfile): number {
  let ticks = 0;
  for (const rows of Object.values(files)) for (const [, count] of rows) ticks += count;
  return ticks;
}
