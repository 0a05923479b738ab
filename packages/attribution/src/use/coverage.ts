import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupBy } from '../core/group-by.ts';
import { parseLcov } from '../core/lcov.ts';
import { type MappedPoint, mapUsage, type SourceMapData, usageFromPoints } from '../core/source-map.ts';
import { addUsage, type CountedRange, type FileUsage, flattenRanges, usageOfLines } from '../core/usage.ts';
import { PackageUses, type UsesByPackage } from './package-uses.ts';
import { pathBelow } from './path-below.ts';
import { readPlainFile } from './read-plain-file.ts';

/** Coverage read at most, all processes of a replay together. */
export const COVERAGE_BYTES_MAX = 512 << 20;

export type CoverageCode = 'coverage-too-large' | 'coverage-missing';

/** How often each place of each file of the tree ran, by path. */
export type UsageByPath = ReadonlyMap<string, FileUsage>;

/** What one replay counted. */
export interface Coverage {
  readonly files: UsageByPath;
  readonly packages: UsesByPackage;
}

/** Where the workload saw its folders, as URLs. */
export interface CoverageView {
  readonly tree: string;
  readonly nodeModules: string | null;
  /**
   * Whether a file of the tree (by path) came with the commit and is no part of the workload: what its source map says counts for
   * nothing, as its author could lead other people's counts to any place.
   */
  readonly isCommitted: (path: string) => boolean;
}

interface RawScript {
  readonly url: string;
  /** Call counts of its functions. */
  readonly calls: readonly number[];
  readonly ranges: readonly CountedRange[];
}

interface RawMap extends SourceMapData {
  readonly lineLengths: readonly number[];
}

/**
 * Reads what a workload left in `directory`: of `NODE_V8_COVERAGE` one file a process with counts of nested ranges by script,
 * and of other languages' tools `*.info`, LCOV tracefiles with counts of lines. Scripts of the tree are counted place by place,
 * those of third-party packages by package.
 */
export async function readCoverage(
  directory: string,
  view: CoverageView,
  readText: (path: string) => Promise<string | null>,
): Promise<Coverage | CoverageCode> {
  const names = (await readdir(directory)).filter((name) => /^coverage-.*\.json$|\.info$/.test(name)).sort();
  const recordings = new Map<string, FileUsage[]>();
  const packages = new PackageUses([
    `${view.tree}/node_modules`,
    ...(view.nodeModules === null ? [] : [view.nodeModules]),
  ]);
  let bytes = 0;
  let reports = 0;
  for (const name of names) {
    const found = await readPlainFile(join(directory, name), COVERAGE_BYTES_MAX - bytes);
    if (found === 'too-large') return 'coverage-too-large';
    bytes += found?.length ?? 0;
    if (found === null) continue;
    if (name.endsWith('.info')) {
      if (await addTrace(recordings, found, fileURLToPath(view.tree), readText)) reports++;
      continue;
    }
    const report = parse(found);
    if (report === null) continue;
    reports++;
    await addProcess(recordings, packages, report, view, readText);
  }
  if (reports === 0) return 'coverage-missing';
  const files = new Map([...recordings].map(([path, usages]) => [path, addUsage(usages)]));
  return { files, packages: packages.uses };
}

/** A process that was killed while it wrote, or hostile code, leaves half a file: it counts for nothing. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    // No JSON, or more than a string can hold.
    return null;
  }
}

/** Adds a tracefile's counts; `false` for one that is malformed: it counts for nothing. */
async function addTrace(
  into: Map<string, FileUsage[]>,
  bytes: Buffer,
  tree: string,
  readText: (path: string) => Promise<string | null>,
): Promise<boolean> {
  const trace = parseLcov(bytes.toString('utf8'));
  if (!trace.ok) return false;
  for (const [written, lines] of trace.value) {
    const path = written.startsWith(`${tree}/`)
      ? written.slice(tree.length + 1)
      : written.replace(/^(\.\/)+/, '');
    const text = await readText(path);
    if (text !== null) push(into, path, usageOfLines(lines, text));
  }
  return true;
}

async function addProcess(
  into: Map<string, FileUsage[]>,
  packages: PackageUses,
  report: unknown,
  view: CoverageView,
  readText: (path: string) => Promise<string | null>,
): Promise<void> {
  const maps = readMaps(report);
  for (const script of readScripts(report)) {
    packages.add(script.url, script.calls);
    const path = pathIn(view.tree, script.url);
    const usage = flattenRanges(script.ranges);
    if (path !== null) push(into, path, usage);
    const map = isBuiltHere(script.url, path, view) ? maps.get(script.url) : undefined;
    if (map === undefined) continue;
    const bySource = groupBy(mapUsage(map, map.lineLengths, usage), (point) => point.source);
    for (const [source, points] of bySource)
      await addOriginal(into, script.url, map, source, points, view.tree, readText);
  }
}

/** Made by the replay itself, or pinned with the workload; third-party packages say nothing about this tree. */
function isBuiltHere(url: string, path: string | null, view: CoverageView): boolean {
  if (path !== null) return !view.isCommitted(path);
  const packageFolders = [`${view.tree}/node_modules`, view.nodeModules];
  return !packageFolders.some((folder) => folder !== null && url.startsWith(`${folder}/`));
}

async function addOriginal(
  into: Map<string, FileUsage[]>,
  url: string,
  map: RawMap,
  source: number,
  points: readonly MappedPoint[],
  treeUrl: string,
  readText: (path: string) => Promise<string | null>,
): Promise<void> {
  const original = URL.canParse(map.sources[source] ?? '', url)
    ? new URL(map.sources[source] ?? '', url).href
    : null;
  const path = original === null ? null : pathIn(treeUrl, original);
  const text = path === null ? null : await readText(path);
  if (path !== null && text !== null) push(into, path, usageFromPoints(points, text));
}

function push(into: Map<string, FileUsage[]>, path: string, usage: FileUsage): void {
  const list = into.get(path);
  if (list === undefined) into.set(path, [usage]);
  else list.push(usage);
}

/** Path inside the tree of a script's URL, or `null` when it is malformed, elsewhere or under `node_modules`. */
function pathIn(treeUrl: string, url: string): string | null {
  const path = pathBelow(treeUrl, url);
  return path === null || path.startsWith('node_modules/') ? null : path;
}

/** The file was written next to hostile code: every field is checked, what is malformed is left out. */
function readScripts(report: unknown): RawScript[] {
  const scripts = field(report, 'result');
  if (!Array.isArray(scripts)) return [];
  return scripts.flatMap((script): RawScript[] => {
    const url = field(script, 'url');
    const functions = field(script, 'functions');
    if (typeof url !== 'string' || !Array.isArray(functions)) return [];
    const rangesOf = functions.map((item) => {
      const listed = field(item, 'ranges');
      return Array.isArray(listed) ? listed.flatMap(readRange) : [];
    });
    const calls = rangesOf.map((ranges) => ranges[0]?.count ?? 0);
    return [{ url, ranges: rangesOf.flat(), calls }];
  });
}

function readRange(value: unknown): CountedRange[] {
  const [start, end, count] = [field(value, 'startOffset'), field(value, 'endOffset'), field(value, 'count')];
  return isCount(start) && isCount(end) && isCount(count) ? [{ start, end, count }] : [];
}

function readMaps(report: unknown): Map<string, RawMap> {
  const found = new Map<string, RawMap>();
  const cache = field(report, 'source-map-cache');
  if (typeof cache !== 'object' || cache === null) return found;
  for (const [url, entry] of Object.entries(cache)) {
    const lineLengths = field(entry, 'lineLengths');
    const sources = field(field(entry, 'data'), 'sources');
    const mappings = field(field(entry, 'data'), 'mappings');
    if (!Array.isArray(lineLengths) || !lineLengths.every(isCount)) continue;
    if (!Array.isArray(sources) || typeof mappings !== 'string') continue;
    found.set(url, { lineLengths, sources: sources.map(String), mappings });
  }
  return found;
}

/** A member of something unknown: any object may be read by name, callers check what comes out. */
function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
