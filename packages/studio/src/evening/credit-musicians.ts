import { Failure, present } from '@jamnet/base';
import type { Contribution, Use } from '@jamnet/economy';
import type { PlayReport } from '@jamnet/jambox';
import { contentHash, takePcm } from '@jamnet/jdat';
import { newContribution } from '../contributions/new-contribution.ts';
import { playingTimeMs } from '../music/playing-time.ts';
import { readTake } from '../takes/read-take.ts';
import { customerOf } from './customers.ts';
import { type EveningContext, SAMPLE_RATE_HZ } from './evening-context.ts';

import type { SampleRole } from './sample-members.ts';

/**
 * Each musician earns by the time in which the sent take really plays; the same sound sent again is the same contribution.
 * What each heard of the other is recorded as use, for what a musician pays goes to those who were listened to.
 */
export async function creditMusicians(
  context: EveningContext,
  reports: readonly PlayReport[],
): Promise<number> {
  const byPlayer = new Map(reports.map((report) => [report.player, musicContribution(context, report)]));
  await context.parts.addContributions([...byPlayer.values()]);
  const uses = reports.flatMap((report) => usesOf(report, byPlayer));
  const added = await context.parts.economy.addUses(uses);
  if (!added.ok) throw new Failure(added.code, added.message);
  return byPlayer.size;
}

function musicContribution(context: EveningContext, report: PlayReport): Contribution {
  // Players of the evening are named by their roles.
  const member = context.members[report.player as SampleRole];
  const take = readTake(report.sent.takeFile);
  const { consent, packetFrames } = take.header;
  return newContribution({
    kind: 'music',
    meter: 'music/played-ms',
    payees: [{ payee: member.payee, weight: 1n }],
    merit: playingTimeMs(takePcm(take).samples, SAMPLE_RATE_HZ),
    subject: contentHash(take),
    ownerGroup: member.ownerGroup,
    evidence: { content: contentHash(take), packetFrames, consent: { ...consent } },
    evidenceSecret: context.parts.secrets.evidence,
    acceptedAtUs: context.parts.nowUs(),
  });
}

function usesOf(report: PlayReport, byPlayer: ReadonlyMap<string, Contribution>): Use[] {
  return report.heard.map((heard) => {
    const contribution = present(byPlayer.get(heard.from), `contribution of ${heard.from}`).id;
    const quantity = BigInt(Math.round(heard.seconds * 1000));
    const principal = customerOf(report.player);
    return {
      row: `heard:${contribution}:${report.player}`,
      contribution,
      meter: 'music/listened-ms',
      quantity,
      principal,
    };
  });
}
