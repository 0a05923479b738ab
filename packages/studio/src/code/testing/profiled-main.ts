import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProfileCollector } from '../profiles/profile-collector.ts';
import { ProfileFolder } from '../profiles/profile-folder.ts';

/** Collects over a folder of code until it was seen at work, then ends: what a studio does for a month, in a moment. */
const [dataDirectory = '', root = '', revision = ''] = process.argv.slice(2);
const collector = await ProfileCollector.start({
  principal: 'payer',
  revision,
  rootUrl: pathToFileURL(root).href,
  folder: new ProfileFolder(dataDirectory),
  nowUs: () => 1_932_854_400_000_000n,
  onFailure: (error) => {
    throw error;
  },
  samplingUs: 1_000,
});
// Written by the test.
const { work } = (await import(pathToFileURL(join(root, 'busy.mjs')).href)) as { work: () => number };
const before = collector.ticks;
let sum = 0;
while (collector.ticks === before) {
  sum += work();
  await collector.addUp();
}
await collector.close();
process.stdout.write(`${Number.isFinite(sum)}\n`);
