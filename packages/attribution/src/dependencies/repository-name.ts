/** Hosts that npm's shorthands stand for (docs of package.json, `repository`). */
const SHORTHANDS: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
};

const NAME_LENGTH_MAX = 200;

/**
 * `host/owner/name` of the `repository` field of a package manifest, in lower case and without transport, user, `.git` and
 * folder, so that all packages of one repository get one name. `null`: the field says nothing usable.
 */
export function repositoryName(field: unknown): string | null {
  const written = typeof field === 'object' && field !== null && 'url' in field ? field.url : field;
  if (typeof written !== 'string' || written.length > NAME_LENGTH_MAX) return null;
  const text = written.trim().toLowerCase();
  const short = /^(?:(github|gitlab|bitbucket):)?([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:#.*)?$/.exec(text);
  if (short) return `${SHORTHANDS[short[1] ?? 'github']}/${short[2]}/${short[3]}`;
  const url =
    /^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^@/]+@)?([\w.-]+)(?::\d+)?\/([\w.~/-]+?)(?:\.git)?\/?(?:[#?].*)?$/;
  const scp = /^(?:git\+ssh:\/\/)?[\w-]+@([\w.-]+):([\w.~/-]+?)(?:\.git)?(?:#.*)?$/;
  const match = url.exec(text) ?? scp.exec(text);
  if (match === null || match[2] === undefined || !match[2].includes('/')) return null;
  // Forges show folders below the repository's own two parts, GitLab has subgroups before `/-/`.
  const path = match[2].replace(/\/(?:-|tree|blob)\/.*$/, '');
  return `${match[1]}/${path}`;
}

/** Web addresses of the `funding` field: a string, an object with `url`, or a list of these; only https and http count. */
export function fundingAddresses(field: unknown): string[] {
  const entries = Array.isArray(field) ? field.slice(0, FUNDING_MAX) : [field];
  const found = entries.flatMap((entry: unknown) => {
    const written = typeof entry === 'object' && entry !== null && 'url' in entry ? entry.url : entry;
    return typeof written === 'string' && isWebAddress(written) ? [written] : [];
  });
  return [...new Set(found)].sort();
}

/** Addresses taken from one package. */
export const FUNDING_MAX = 16;

function isWebAddress(text: string): boolean {
  return text.length <= 500 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
