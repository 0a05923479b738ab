import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  attributeWithPicture,
  fetchMirror,
  paidUses,
  parseWorkload,
  readIdentities,
  seenHeads,
} from '@jamnet/attribution';
import { Failure, type Result } from '@jamnet/base';
import { findingOf } from './code-finding.ts';
import { CodeFolder } from './code-folder.ts';
import { FilingFolder } from './filing-folder.ts';
import { type MirroredRepository, mirrorDirectory, slugOf } from './mirrored-repositories.ts';
import { ProfileFolder } from './profiles/profile-folder.ts';
import { profileUses } from './profiles/profile-uses.ts';

/**
 * Fetches a mirror and attributes its code anew, as a process of its own: seconds of processor that the studio's other work
 * must not wait for. Prints `{"type":"read",…}` or `{"type":"refused","code",…}`.
 */
export interface ReadCodeOptions {
  readonly dataDirectory: string;
  readonly repository: MirroredRepository;
  /** For which epoch it is filed: what that epoch has paid earns nothing again. `null`: only looked at. */
  readonly epochId: string | null;
  /** Part of the merit that the policy sets aside for packages. */
  readonly dependencyBudgetPpm: number;
  /** Of principals whose sessions were profiled in the epoch what they paid, cents as decimal text. */
  readonly paidCents: Readonly<Record<string, string>>;
}

// Written by the code reader.
const options = JSON.parse(process.argv[2] ?? '') as ReadCodeOptions;
const { dataDirectory, repository } = options;
const directory = mirrorDirectory(dataDirectory, repository.repository);

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`, () => process.exit(0));
}

function workloadOf(file: string | null) {
  return file === null ? null : present(parseWorkload(JSON.parse(readFileSync(file, 'utf8'))));
}

function present<T>(result: Result<T>): T {
  if (!result.ok) throw new Failure(result.code, result.message);
  return result.value;
}

const { address, branch, modulesDirectory } = repository;
const fetched = await fetchMirror({ directory, address, branch });
if (!fetched.ok) tell({ type: 'refused', code: fetched.code, message: fetched.message });
else {
  const filings = new FilingFolder(dataDirectory);
  const judged = filings.judged(repository.repository);
  const { epochId } = options;
  const identities = present(readIdentities(dataDirectory));
  const history = {
    repoDirectory: directory,
    repositoryName: repository.repository,
    // Who was first stays first after a rewrite, for replays and for profiles.
    earlierHeads: await seenHeads(directory),
    claimedPersons: identities.claimedPersons(),
    botList: repository.bots,
    // Each repository has its own: a reading loads all of it.
    cacheDirectory: join(dataDirectory, 'cache', 'attribution', slugOf(repository.repository)),
  };
  const found = await attributeWithPicture({
    ...history,
    workload: workloadOf(repository.workloadFile),
    ...(modulesDirectory === null ? {} : { nodeModulesDirectory: modulesDirectory }),
    ...(judged === null
      ? {}
      : {
          gateSince: judged.head,
          passedKeys: new Set(judged.passedKeys),
          gatedKeys: new Set(judged.gatedKeys),
        }),
    ...(epochId === null ? {} : { paidKeys: paidUses(present(filings.paid()), epochId) }),
  });
  if (!found.ok) tell({ type: 'refused', code: found.code, message: found.message });
  else {
    // Pages show whose code it is, not what an epoch has left to pay.
    if (epochId === null) new CodeFolder(dataDirectory).write(found.value.picture);
    const { after, isRewritten } = fetched.value;
    const finding = findingOf(found.value, {
      judged,
      dependencyBudgetPpm: options.dependencyBudgetPpm,
      identities,
    });
    const paid = Object.entries(options.paidCents).map(([who, cents]) => [who, BigInt(cents)] as const);
    const uses = await profileUses({
      ...history,
      gatedKeys: new Set(finding.judged.gatedKeys),
      profiles: epochId === null ? [] : new ProfileFolder(dataDirectory).ofMonth(epochId),
      paidCents: new Map(paid),
    });
    if (!uses.ok) tell({ type: 'refused', code: uses.code, message: uses.message });
    else tell({ type: 'read', head: after, isRewritten, finding: { ...finding, uses: uses.value } });
  }
}
