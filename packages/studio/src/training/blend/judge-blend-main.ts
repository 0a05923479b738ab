import { readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { BLEND_GATE_POLICY, decodeBlend, judgeBlend } from '@jamnet/pnbtr';
import type { HearingOptions } from '../hearing-options.ts';
import { TrialClips } from '../trial/trial-clips.ts';
import { blendClips } from './blend-clips.ts';
import { readExcerptRows } from './excerpt.ts';

/** Weighs two mixtures as a process of its own, for it takes a core for minutes: prints `{"type":"judged","done":N}` lines and one `{"type":"verdict","verdict":{…}}`. */
export interface JudgeBlendOptions {
  /** Files: two mixtures, and rows of held-out excerpts. */
  readonly candidate: string;
  readonly released: string;
  readonly heldOut: string;
  readonly packetFrames: number;
  /** What curators are to hear is left there when the figures let the candidate pass. */
  readonly hearing?: HearingOptions;
}

// Written by the studio's own round.
const options = JSON.parse(process.argv[2] ?? '') as JudgeBlendOptions;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const excerpts = readExcerptRows(JSON.parse(readFileSync(options.heldOut, 'utf8')));
if (!excerpts.ok) throw new Failure(excerpts.code, excerpts.message);
const sounds = excerpts.value.map(({ rateHz, pcm }) => ({
  sampleRateHz: rateHz,
  samples: Float32Array.from(pcm, (sample) => sample / 32_768),
}));
const mixtures = { candidate: weightsIn(options.candidate), released: weightsIn(options.released) };
const verdict = judgeBlend(BLEND_GATE_POLICY, mixtures, sounds, options.packetFrames, (done) =>
  say({ type: 'judged', done }),
);
if (verdict.code === null && options.hearing) {
  const { clips, seed, sources } = options.hearing;
  const { packetFrames } = options;
  new TrialClips(clips).add(
    blendClips({ ...mixtures, heldOut: excerpts.value, sources, packetFrames, seed }),
  );
}
say({ type: 'verdict', verdict });

function weightsIn(file: string): Float64Array {
  const model = decodeBlend(readFileSync(file));
  if (!model.ok) throw new Failure(model.code, `${file}: ${model.message}`);
  return model.value.weights;
}
