import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { present } from '@jamnet/base';
import { decodeWav } from '@jamnet/jdat';
import { newContribution } from '../contributions/new-contribution.ts';
import {
  approvedClips,
  ballotMerit,
  blindPairs,
  type Clip,
  type ObjectiveJudge,
  type Vote,
  voteOn,
} from '../curation/listening-test.ts';
import { ENVELOPE_JUDGE, WAVEFORM_JUDGE } from '../curation/objective-judges.ts';
import { repairExcerpts } from '../takes/repair-excerpts.ts';
import { readUnrepaired } from '../takes/unrepaired.ts';
import type { EveningContext } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { CurateResult, EveningResults } from './results.ts';
import type { SampleRole } from './sample-members.ts';

const JUDGES: readonly { readonly role: SampleRole; readonly judge: ObjectiveJudge }[] = [
  { role: 'curator-waveform', judge: WAVEFORM_JUDGE },
  { role: 'curator-envelope', judge: ENVELOPE_JUDGE },
];
/** One clip in so many also comes as a planted pair with a known answer. */
const PLANT_EVERY = 4;

/** Two curators judge repaired against unrepaired clips, blind; here by a stated rule instead of ears, and marked so. */
export function curateStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'curate',
    title: 'A blind listening test earns',
    run: (_done, progress) => curate(context, progress),
  };
}

async function curate(context: EveningContext, progress: StepProgress): Promise<CurateResult> {
  const clips = clipsOf(context);
  const pairs = blindPairs(clips, PLANT_EVERY, context.chance.fork('blind pairs'));
  const ballots = JUDGES.map(({ role, judge }) => {
    const { ownerGroup } = context.members[role];
    return { role, judge, ownerGroup, votes: voteOn(pairs, clips, judge) };
  });
  const contributions = ballots.map((ballot) => {
    const member = context.members[ballot.role];
    return newContribution({
      kind: 'curation',
      meter: 'curation/votes',
      payees: [{ payee: member.payee, weight: 1n }],
      merit: ballotMerit(ballot, ballots),
      subject: ballotHash(ballot.votes),
      ownerGroup: member.ownerGroup,
      evidence: {
        rule: ballot.judge.rule,
        votes: ballot.votes.map(({ clip, chosen, planted }) => ({ clip, chosen, planted })),
      },
      evidenceSecret: context.parts.secrets.evidence,
      acceptedAtUs: context.parts.nowUs(),
    });
  });
  await context.parts.addContributions(contributions);
  const votes = ballots.flatMap(({ judge, role, votes: own }) =>
    own.map(({ clip, chosen }) => ({ clip, chosen, curator: context.members[role].label, rule: judge.rule })),
  );
  context.parts.live.update({ votes });
  const planted = pairs.filter((pair) => pair.planted).length;
  const approved = approvedClips(ballots).length;
  progress.report(
    1,
    `${pairs.length} blind pairs, ${planted} planted; ${approved} of ${clips.length} repairs approved by two owner groups`,
  );
  return { pairs: pairs.length, curationContributions: contributions.length };
}

/** One clip for each excerpt that was repaired: sent, with holes, and repaired. */
function clipsOf(context: EveningContext): Clip[] {
  return context.parts.takes.views().flatMap((take) => {
    const sent = readVariant(context, take.id, 'sent');
    const repaired = readVariant(context, take.id, 'repaired');
    const { samples: unrepaired, holes } = readUnrepaired(context.parts.takes, take.id);
    return repairExcerpts(holes, unrepaired.length, take.sampleRateHz).map((excerpt): Clip => {
      const cut = (signal: Float32Array) =>
        signal.subarray(excerpt.atSample, excerpt.atSample + excerpt.frames);
      return {
        id: clipId(take.id, excerpt.atSample),
        reference: cut(sent),
        repaired: cut(repaired),
        unrepaired: cut(unrepaired),
      };
    });
  });
}

function readVariant(context: EveningContext, takeId: string, variant: 'sent' | 'repaired'): Float32Array {
  const file = present(context.parts.takes.wavFile(takeId, variant), `${variant} sound of take ${takeId}`);
  const wav = decodeWav(readFileSync(file));
  return present(wav.ok ? wav.value.channels[0] : undefined, `${variant} sound of take ${takeId}`);
}

function clipId(takeId: string, atSample: number): string {
  return createHash('sha256').update(`${takeId}/${atSample}`).digest('hex').slice(0, 32);
}

function ballotHash(votes: readonly Vote[]): string {
  return createHash('sha256').update(JSON.stringify(votes)).digest('hex');
}
