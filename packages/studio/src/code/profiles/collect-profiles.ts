import { pathToFileURL } from 'node:url';
import { Failure } from '@jamnet/base';
import type { StudioConfig } from '../../config/studio-config.ts';
import { revisionOf } from '../revision-of.ts';
import { ProfileCollector } from './profile-collector.ts';
import { ProfileFolder } from './profile-folder.ts';

/** Starts sampling this process where the operator says that its principal has opted in; `null`: nobody has. */
export async function collectProfiles(
  { profilePrincipal: principal, dataDirectory }: StudioConfig,
  checkout: string,
  nowUs: () => bigint,
): Promise<ProfileCollector | null> {
  if (principal === undefined) return null;
  const revision = await revisionOf(checkout);
  if (revision === null)
    throw new Failure(
      'profile-without-history',
      'Profiles name lines of a commit, and this program does not run from a git checkout: start it from one, or leave --profile out.',
    );
  const rootUrl = pathToFileURL(checkout).href.replace(/\/$/, '');
  return ProfileCollector.start({
    principal,
    revision,
    rootUrl,
    folder: new ProfileFolder(dataDirectory),
    nowUs,
    onFailure: (error) => void process.stderr.write(`profiles: ${String(error)}\n`),
  });
}
