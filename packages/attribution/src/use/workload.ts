import { type CanonicalValue, canonicalJson, encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/** A public program whose replay measures use. Curators pin it in the policy; a repository only proposes one. */
export interface Workload {
  /** Program and arguments, run in the top folder of the exported tree. `node` is the Node that runs this tool. */
  readonly command: readonly string[];
  /** Files of the repository that belong to the workload: they never earn by it. */
  readonly inputs: readonly string[];
  /** Hex SHA-256 of standard output; another output means that the measurement is void. */
  readonly expectedOutputSha256?: string;
  readonly timeLimitSeconds: number;
  /** Commit the inputs are taken from, whatever the head holds: an edit of them then waits until curators pin anew. */
  readonly inputsFromCommit?: string;
  /**
   * Git's name for what each input holds (`git hash-object FILE`), instead of a commit: the same in every clone and rewrite. The
   * history must hold it.
   */
  readonly inputBlobs?: Readonly<Record<string, string>>;
}

export type WorkloadCode = 'workload-malformed';

export const COMMAND_PARTS_MAX = 64;
export const INPUTS_MAX = 10_000;
export const TIME_LIMIT_SECONDS_MAX = 600;

/** Checks a workload that came from outside (a policy, a file). */
export function parseWorkload(value: unknown): Result<Workload, WorkloadCode> {
  const no = (what: string): Result<Workload, WorkloadCode> =>
    refuse('workload-malformed', `The workload ${what}.`);
  if (typeof value !== 'object' || value === null)
    return no('must be an object {command, inputs, timeLimitSeconds}');
  // Any object may be read by name; each field is checked below.
  const { command, inputs, expectedOutputSha256, timeLimitSeconds, inputsFromCommit, inputBlobs } =
    value as Record<string, unknown>;
  if (!isTextList(command, COMMAND_PARTS_MAX) || command.length === 0)
    return no('needs a command: a list of strings');
  if (!isTextList(inputs, INPUTS_MAX)) return no('needs inputs: a list of paths, empty if there are none');
  if (!isTimeLimit(timeLimitSeconds)) return no(`needs timeLimitSeconds from 1 to ${TIME_LIMIT_SECONDS_MAX}`);
  if (!isHexOrAbsent(expectedOutputSha256, /^[0-9a-f]{64}$/))
    return no('has an expectedOutputSha256 that is no SHA-256');
  if (!isHexOrAbsent(inputsFromCommit, /^[0-9a-f]{40,64}$/))
    return no('has an inputsFromCommit that is no full commit id');
  if (!isBlobsOf(inputs, inputBlobs))
    return no('has inputBlobs that do not name a full blob id for each input');
  if (inputBlobs !== undefined && inputsFromCommit !== undefined)
    return no('takes its inputs from a commit and from blobs: give one of them');
  return ok({
    command,
    inputs,
    timeLimitSeconds,
    ...(expectedOutputSha256 === undefined ? {} : { expectedOutputSha256 }),
    ...(inputsFromCommit === undefined ? {} : { inputsFromCommit }),
    ...(inputBlobs === undefined ? {} : { inputBlobs }),
  });
}

function isTextList(value: unknown, lengthMax: number): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= lengthMax &&
    value.every((item) => typeof item === 'string' && item !== '')
  );
}

function isBlobsOf(
  inputs: readonly string[],
  value: unknown,
): value is Readonly<Record<string, string>> | undefined {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const blobs = new Map<string, unknown>(Object.entries(value));
  const isNamed = (path: string): boolean => /^[0-9a-f]{40,64}$/.test(String(blobs.get(path)));
  return blobs.size === new Set(inputs).size && inputs.every(isNamed);
}

/**
 * Whether what its inputs hold, or what they make it print, is fixed: its hash covers their names only, and else whoever edits
 * an input decides what counts.
 */
export function isFixedWorkload({
  inputs,
  inputsFromCommit,
  inputBlobs,
  expectedOutputSha256,
}: Workload): boolean {
  const isHeld = inputsFromCommit !== undefined || inputBlobs !== undefined;
  return expectedOutputSha256 !== undefined || (isHeld && inputs.length > 0);
}

function isTimeLimit(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= TIME_LIMIT_SECONDS_MAX;
}

function isHexOrAbsent(value: unknown, pattern: RegExp): value is string | undefined {
  return value === undefined || (typeof value === 'string' && pattern.test(value));
}

/** Hex SHA-256 of the workload's canonical form: what a policy pins. */
export function hashWorkload(workload: Workload): string {
  const value: CanonicalValue = { schema: 'jamnet/workload/v1', ...workload };
  return toHex(sha256(encodeUtf8(canonicalJson(value))));
}
