import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Under which licence something that comes with this studio may be used. */
export interface ShippedLicence {
  readonly licence: string;
  /** What of it: the program, sounds by their author, or packages of npm, which are installed beside it. */
  readonly part: 'program' | 'sounds' | 'packages';
  /** Author of sounds, as `samples/SOURCES.tsv` names them; else empty. */
  readonly author: string;
  /** Files of sounds, or packages. */
  readonly count: number;
}

/** Lines told at most; a checkout of this project has a few dozen. */
export const SHIPPED_LICENCES_MAX = 500;

/** What ships with a studio and under which licences, of its own files: LICENSE, samples/SOURCES.tsv and package-lock.json. */
export function shippedLicences(checkout: string): readonly ShippedLicence[] {
  const read = (path: string): string => {
    const file = join(checkout, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return [
    ...programOf(read('LICENSE')),
    ...soundsOf(read(join('samples', 'SOURCES.tsv'))),
    ...packagesOf(read('package-lock.json')),
  ].slice(0, SHIPPED_LICENCES_MAX);
}

/** The first line of the licence says which it is. */
function programOf(text: string): ShippedLicence[] {
  const [licence = ''] = text.split('\n');
  return licence === '' ? [] : [{ licence: licence.trim(), part: 'program', author: '', count: 1 }];
}

function soundsOf(table: string): ShippedLicence[] {
  const [head = '', ...rows] = table.split('\n').filter((line) => line !== '');
  const names = head.split('\t');
  const [author, licence] = [names.indexOf('author'), names.indexOf('licence')];
  return grouped(
    rows.map((row) => {
      const cells = row.split('\t');
      return { part: 'sounds' as const, licence: cells[licence] ?? '', author: cells[author] ?? '' };
    }),
  );
}

/** Packages that a running studio may load: those only for developing are left out, and so are the project's own. */
function packagesOf(lock: string): ShippedLicence[] {
  if (lock === '') return [];
  // npm's own file; what a member is not there for is looked at below.
  const { packages = {} } = JSON.parse(lock) as {
    packages?: Record<string, { license?: string; dev?: boolean; link?: boolean }>;
  };
  return grouped(
    Object.entries(packages)
      .filter(([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true)
      .map(([, { license = '?' }]) => ({ part: 'packages' as const, licence: license, author: '' })),
  );
}

/** The most first. */
function grouped(each: readonly Omit<ShippedLicence, 'count'>[]): ShippedLicence[] {
  const groups = new Map<string, ShippedLicence>();
  for (const one of each) {
    const key = `${one.licence}\t${one.author}`;
    groups.set(key, { ...one, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
