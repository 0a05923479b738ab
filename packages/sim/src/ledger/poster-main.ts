import { nativeSigner, openBooks, openLog, type Request } from '@jamnet/ledger';
import { POSTER_BATCH, POSTER_ORIGIN, POSTER_SEED, type PosterJob } from './poster-job.ts';

/**
 * One of several processes that post into the same books and publish into the same log: `node poster-main.ts JOB`.
 * Says `batch` after each batch, and at last how its requests were answered.
 */
const job = JSON.parse(process.argv[2] ?? '') as PosterJob;
const { ledger, close } = await openBooks(job);
const signer = nativeSigner(POSTER_ORIGIN, POSTER_SEED);
const log = await openLog({ directory: job.logDirectory, ledger, origin: POSTER_ORIGIN, signer });
const answers = { accepted: 0, repeated: 0, refused: 0 };
const keys = [
  ...Array.from({ length: job.own }, (_, i) => `${job.name}:${i}`),
  ...Array.from({ length: job.shared }, (_, i) => `shared:${i}`),
];
// Every process in an order of its own, so that shared keys meet at different times.
const order = keys.map((_, i) => keys[(i * 7 + job.name.length) % keys.length] ?? '');
for (let at = 0; at < order.length; at += POSTER_BATCH) {
  const batch = order.slice(at, at + POSTER_BATCH).map(takeOne);
  for (const answer of await ledger.post(2n, batch)) {
    if (!answer.ok) answers.refused++;
    else if (answer.repeated) answers.repeated++;
    else answers.accepted++;
  }
  await log.publish(2n);
  process.stdout.write('batch\n');
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
await close();

function takeOne(key: string): Request {
  const legs = [
    { account: 'pool:JAM', amount: -1n },
    { account: 'a:JAM', amount: 1n },
  ];
  return { key, kind: 'take', legs };
}
