import type { Farm, NodeStatus } from '@jamnet/jamnode';

/** What this run of a node brought and cost, as far as it is known; `null`: not known. Money is in the owner's own currency. */
export interface NodeEarnings {
  /** Work units released per kWh of this run. */
  readonly unitsPerKilowattHour: number | null;
  /** What the power of this run cost. */
  readonly powerCost: number | null;
  /** What closed epochs have paid this owner per released work unit, µJAM: an average of the past, no promise. */
  readonly microJamPerUnit: number | null;
  /** JAM of this run's released units at that average, per kWh. */
  readonly jamPerKilowattHour: number | null;
  /** The same at the last valuation, cents. */
  readonly centsPerKilowattHour: number | null;
}

/** Below so little energy a quotient says nothing: 1 Wh. */
const KILOWATT_HOURS_MIN = 0.001;

export function earningsOf(status: NodeStatus, farm: Farm | null, powerPrice: number | null): NodeEarnings {
  const { kilowattHours } = status.energy;
  const enough = kilowattHours !== null && kilowattHours >= KILOWATT_HOURS_MIN;
  const unitsPerKilowattHour = enough ? Number(status.workUnits.released) / kilowattHours : null;
  const released = farm?.nodes.reduce((sum, node) => sum + BigInt(node.releasedUnits), 0n) ?? 0n;
  const microJamPerUnit = farm && released > 0n ? Number(farm.computeMicroJam) / Number(released) : null;
  const jamPerKilowattHour =
    unitsPerKilowattHour === null || microJamPerUnit === null
      ? null
      : (unitsPerKilowattHour * microJamPerUnit) / 1e6;
  const centsPerJam = farm?.centsPerJam ?? null;
  return {
    unitsPerKilowattHour,
    powerCost: powerPrice === null || kilowattHours === null ? null : powerPrice * kilowattHours,
    microJamPerUnit,
    jamPerKilowattHour,
    centsPerKilowattHour:
      jamPerKilowattHour === null || centsPerJam === null ? null : jamPerKilowattHour * Number(centsPerJam),
  };
}
