import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeWithPicture, fetchMirror, parseWorkload, seenHeads } from '@jamnet/attribution';
import { Failure } from '@jamnet/base';
import { CodeFolder } from './code-folder.ts';
import { type MirroredRepository, slugOf } from './mirrored-repositories.ts';

/**
 * Fetches a mirror and attributes its code anew, as a process of its own: seconds of processor that the studio's other work
 * must not wait for. Prints `{"type":"read",…}` or `{"type":"refused","code",…}`.
 */
export interface ReadCodeOptions {
  readonly dataDirectory: string;
  readonly repository: MirroredRepository;
}

// Written by the code desk.
const { dataDirectory, repository } = JSON.parse(process.argv[2] ?? '') as ReadCodeOptions;
const directory = join(dataDirectory, 'code', 'mirrors', `${slugOf(repository.repository)}.git`);

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`, () => process.exit(0));
}

function workloadOf(file: string | null) {
  if (file === null) return null;
  const workload = parseWorkload(JSON.parse(readFileSync(file, 'utf8')));
  if (!workload.ok) throw new Failure(workload.code, workload.message);
  return workload.value;
}

const fetched = await fetchMirror({ directory, address: repository.address, branch: repository.branch });
if (!fetched.ok) tell({ type: 'refused', code: fetched.code, message: fetched.message });
else {
  const found = await attributeWithPicture({
    repoDirectory: directory,
    repositoryName: repository.repository,
    earlierHeads: await seenHeads(directory),
    cacheDirectory: join(dataDirectory, 'cache', 'attribution'),
    workload: workloadOf(repository.workloadFile),
  });
  if (!found.ok) tell({ type: 'refused', code: found.code, message: found.message });
  else {
    new CodeFolder(dataDirectory).write(found.value.picture);
    tell({ type: 'read', head: fetched.value.after, isRewritten: fetched.value.isRewritten });
  }
}
