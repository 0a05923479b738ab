import type { PlayReport } from '@jamnet/jambox';
import { contentHash, takePcm } from '@jamnet/jdat';
import { newContribution } from '../contributions/new-contribution.ts';
import { playingTimeMs } from '../music/playing-time.ts';
import { type EveningContext, SAMPLE_RATE_HZ } from './evening-context.ts';
import { readTakeFile } from './file-takes.ts';
import type { SampleRole } from './sample-members.ts';

/** Each musician earns by the time in which the sent take really plays; the same sound sent again is the same contribution. */
export async function creditMusicians(
  context: EveningContext,
  reports: readonly PlayReport[],
): Promise<number> {
  const contributions = reports.map((report) => {
    // Players of the evening are named by their roles.
    const member = context.members[report.player as SampleRole];
    const take = readTakeFile(report.sent.takeFile);
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
  });
  await context.parts.addContributions(contributions);
  return contributions.length;
}
