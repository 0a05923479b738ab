import { Failure, present } from '@jamnet/base';
import type { Contribution, Use } from '@jamnet/economy';
import type { PlayReport } from '@jamnet/jambox';
import { contentHash, takePcm } from '@jamnet/jdat';
import type { StudioParts } from '../composition/studio-parts.ts';
import { contributionId, newContribution } from '../contributions/new-contribution.ts';
import { readTake } from '../takes/read-take.ts';
import { playingTimeMs } from './playing-time.ts';

/** A player of a room as the books know him. */
export interface Musician {
  readonly payee: string;
  readonly ownerGroup: string;
  /** The name under which he pays; never published. */
  readonly principal: string;
}

/** What crediting needs of a studio. */
export type CreditParts = Pick<StudioParts, 'addContributions' | 'economy' | 'music' | 'secrets' | 'nowUs'>;

/** What crediting reads of a report. */
export type CreditReport = Pick<PlayReport, 'player' | 'heard'> & {
  readonly sent: Pick<PlayReport['sent'], 'takeFile'>;
};

/**
 * Each musician earns by the time in which the sent take really plays something that was not heard before, in this take or an earlier
 * one; the same sound sent again is the same contribution. Takes of the same call are heard in the order of the reports.
 * What each heard of the others is recorded as use, for what a musician pays goes to those who were listened to.
 */
export async function creditMusicians(
  parts: CreditParts,
  reports: readonly CreditReport[],
  musicianOf: (player: string) => Musician,
): Promise<number> {
  const byPlayer = new Map<string, Contribution>();
  for (const report of reports)
    byPlayer.set(report.player, await musicContribution(parts, report, musicianOf(report.player)));
  await parts.addContributions([...byPlayer.values()]);
  const uses = reports.flatMap((report) => usesOf(report, byPlayer, musicianOf(report.player).principal));
  const added = await parts.economy.addUses(uses);
  if (!added.ok) throw new Failure(added.code, added.message);
  return byPlayer.size;
}

async function musicContribution(
  parts: CreditParts,
  report: CreditReport,
  musician: Musician,
): Promise<Contribution> {
  const take = readTake(report.sent.takeFile);
  const { consent, packetFrames, sampleRateHz } = take.header;
  const { samples } = takePcm(take);
  const subject = contentHash(take);
  const who = {
    kind: 'music',
    meter: 'music/played-ms',
    payees: [{ payee: musician.payee, weight: 1n }],
    subject,
  } as const;
  const { newMs, playedMs } = await parts.music.novelty(contributionId(who), samples, sampleRateHz);
  const isAllNew = newMs === playedMs && playedMs > 0n;
  const novelty = isAllNew ? {} : { novelty: { newMs: newMs.toString(), playedMs: playedMs.toString() } };
  return newContribution({
    ...who,
    // What is left after the last whole stretch is as new as the rest.
    merit: playedMs === 0n ? 0n : (playingTimeMs(samples, sampleRateHz) * newMs) / playedMs,
    ownerGroup: musician.ownerGroup,
    evidence: { content: subject, packetFrames, consent: { ...consent }, ...novelty },
    evidenceSecret: parts.secrets.evidence,
    acceptedAtUs: parts.nowUs(),
  });
}

function usesOf(report: CreditReport, byPlayer: ReadonlyMap<string, Contribution>, principal: string): Use[] {
  return report.heard.map((heard) => {
    const contribution = present(byPlayer.get(heard.from), `contribution of ${heard.from}`).id;
    return {
      row: `heard:${contribution}:${report.player}`,
      contribution,
      meter: 'music/listened-ms',
      quantity: BigInt(Math.round(heard.seconds * 1000)),
      principal,
    };
  });
}
