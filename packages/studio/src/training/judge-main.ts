import { readFileSync } from 'node:fs';
import { bigintAsText, Failure } from '@jamnet/base';
import { decodeModel, GATE_POLICY, type GrooveModel, HOUSE_PRIORS, judgeCandidate } from '@jamnet/groove';
import { readPerformanceRows } from './performance-rows.ts';

/**
 * Judges a candidate, as a process of its own (see `judge-in-child.ts`), for it takes a core for minutes: prints
 * `{"type":"judged","done":N}` lines and one `{"type":"verdict","verdict":{…}}`, whose gains are decimal text.
 */
export interface JudgeOptions {
  readonly candidate: string;
  readonly released: string;
  /** A file of performance rows. */
  readonly heldOut: string;
}

// Written by the studio's own training round.
const options = JSON.parse(process.argv[2] ?? '') as JudgeOptions;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line, bigintAsText)}\n`);
const models = { candidate: modelIn(options.candidate), released: modelIn(options.released) };
const heldOut = readPerformanceRows(JSON.parse(readFileSync(options.heldOut, 'utf8')));
if (!heldOut.ok) throw new Failure(heldOut.code, heldOut.message);
const verdict = judgeCandidate(GATE_POLICY, { ...models, priors: HOUSE_PRIORS }, heldOut.value, (done) =>
  say({ type: 'judged', done }),
);
say({ type: 'verdict', verdict });

function modelIn(file: string): GrooveModel {
  const model = decodeModel(readFileSync(file));
  if (!model.ok) throw new Failure(model.code, `${file}: ${model.message}`);
  return model.value;
}
