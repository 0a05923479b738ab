import { Failure, present } from '@jamnet/base';
import type { Contribution, Use } from '@jamnet/economy';
import type { PlayReport } from '@jamnet/jambox';
import { contentHash, takePcm } from '@jamnet/jdat';
import type { StudioParts } from '../composition/studio-parts.ts';
import { newContribution } from '../contributions/new-contribution.ts';
import { readTake } from '../takes/read-take.ts';
import { playingTimeMs } from './playing-time.ts';

/** A player of a room as the books know him. */
export interface Musician {
  readonly payee: string;
  readonly ownerGroup: string;
  /** The name under which he pays; never published. */
  readonly principal: string;
}

/**
 * Each musician earns by the time in which the sent take really plays; the same sound sent again is the same contribution.
 * What each heard of the others is recorded as use, for what a musician pays goes to those who were listened to.
 */
export async function creditMusicians(
  parts: StudioParts,
  reports: readonly PlayReport[],
  musicianOf: (player: string) => Musician,
): Promise<number> {
  const byPlayer = new Map(
    reports.map((report) => [report.player, musicContribution(parts, report, musicianOf(report.player))]),
  );
  await parts.addContributions([...byPlayer.values()]);
  const uses = reports.flatMap((report) => usesOf(report, byPlayer, musicianOf(report.player).principal));
  const added = await parts.economy.addUses(uses);
  if (!added.ok) throw new Failure(added.code, added.message);
  return byPlayer.size;
}

function musicContribution(parts: StudioParts, report: PlayReport, musician: Musician): Contribution {
  const take = readTake(report.sent.takeFile);
  const { consent, packetFrames, sampleRateHz } = take.header;
  return newContribution({
    kind: 'music',
    meter: 'music/played-ms',
    payees: [{ payee: musician.payee, weight: 1n }],
    merit: playingTimeMs(takePcm(take).samples, sampleRateHz),
    subject: contentHash(take),
    ownerGroup: musician.ownerGroup,
    evidence: { content: contentHash(take), packetFrames, consent: { ...consent } },
    evidenceSecret: parts.secrets.evidence,
    acceptedAtUs: parts.nowUs(),
  });
}

function usesOf(report: PlayReport, byPlayer: ReadonlyMap<string, Contribution>, principal: string): Use[] {
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
