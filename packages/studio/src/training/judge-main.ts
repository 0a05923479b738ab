import { readFileSync } from 'node:fs';
import { bigintAsText, Failure } from '@jamnet/base';
import {
  decodeModel,
  GATE_POLICY,
  type GrooveModel,
  HOUSE_PRIORS,
  judgeCandidate,
  type MidiPerformance,
} from '@jamnet/groove';
import type { HearingOptions } from './hearing-options.ts';
import { readPerformanceRows } from './performance-rows.ts';
import { takeValues } from './take-values.ts';
import { grooveClips } from './trial/groove-clips.ts';
import { TrialClips } from './trial/trial-clips.ts';

/**
 * Judges a candidate, as a process of its own (see `judge-in-child.ts`), for it takes a core for minutes: prints
 * `{"type":"judged","done":N}` lines and one `{"type":"verdict","verdict":{…},"values":[…]}`, gains and values as decimal text.
 */
export interface JudgeOptions {
  readonly candidate: string;
  readonly released: string;
  /** Files of performance rows: what was learnt from, and what was not. */
  readonly train: string;
  readonly heldOut: string;
  /** What curators are to hear is left there when the figures let the candidate pass. */
  readonly hearing?: HearingOptions;
}

// Written by the studio's own training round.
const options = JSON.parse(process.argv[2] ?? '') as JudgeOptions;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line, bigintAsText)}\n`);
const models = { candidate: modelIn(options.candidate), released: modelIn(options.released) };
const heldOut = performancesIn(options.heldOut);
const verdict = judgeCandidate(GATE_POLICY, { ...models, priors: HOUSE_PRIORS }, heldOut, (done) =>
  say({ type: 'judged', done }),
);
const values = verdict.code === null ? takeValues(performancesIn(options.train), heldOut) : [];
if (verdict.code === null && options.hearing) {
  const { clips, seed, sources } = options.hearing;
  new TrialClips(clips).add(grooveClips({ ...models, heldOut, sources, seed }));
}
say({ type: 'verdict', verdict, values });

function performancesIn(file: string): MidiPerformance[] {
  const rows = readPerformanceRows(JSON.parse(readFileSync(file, 'utf8')));
  if (!rows.ok) throw new Failure(rows.code, `${file}: ${rows.message}`);
  return rows.value;
}

function modelIn(file: string): GrooveModel {
  const model = decodeModel(readFileSync(file));
  if (!model.ok) throw new Failure(model.code, `${file}: ${model.message}`);
  return model.value;
}
