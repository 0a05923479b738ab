/** What the hosts of one strategy add up to. Units are work units; a task has eight chunks. */
export interface Account {
  tasks: number;
  leasedUnits: number;
  /** Released to the owner. */
  earnedUnits: number;
  /** Computed in truth. */
  computedUnits: number;
  accepted: number;
  /** Accepted, false, and not taken back. */
  acceptedFalse: number;
  /** Re-run by trusted hosts before acceptance, before settling, or to look back at a host of less than single precision. */
  rerunUnits: number;
  /** Taken back after a proven fake, to be computed by others. */
  takenBack: number;
  proven: number;
  bans: number;
}

export function emptyAccount(): Account {
  return {
    tasks: 0,
    leasedUnits: 0,
    earnedUnits: 0,
    computedUnits: 0,
    accepted: 0,
    acceptedFalse: 0,
    rerunUnits: 0,
    takenBack: 0,
    proven: 0,
    bans: 0,
  };
}

/** Adds the second to the first. */
export function addAccount(sum: Account, more: Account): void {
  for (const name of Object.keys(sum) as (keyof Account)[]) sum[name] += more[name];
}
