import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { attributeWithUsage } from '../attribute.ts';
import { reportJson } from '../report.ts';

/** One attribution in a process of its own, so that its memory and its start are counted: `REPOSITORY CACHE USAGE`. */
const [repoDirectory = '', cacheDirectory = '', usageFile = ''] = process.argv.slice(2);
const found = await attributeWithUsage({
  repoDirectory,
  cacheDirectory,
  usage: [JSON.parse(readFileSync(usageFile, 'utf8')) as unknown],
});
if (!found.ok) throw new Error(`${found.code}: ${found.message}`);
const used = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    commits: found.value.commits,
    statements: found.value.statements,
    people: found.value.people.length,
    reportSha256: createHash('sha256').update(reportJson(found.value)).digest('hex'),
    cpuMs: Math.round((used.userCPUTime + used.systemCPUTime) / 1000),
    memoryPeakBytes: used.maxRSS * 1024,
  }),
);
