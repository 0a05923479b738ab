import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import {
  type ContributionKind,
  type Economy,
  type OcfFile,
  type OcfOptions,
  ocfFiles,
  type PayeeStatement,
  type PerkDesk,
  type PriceHistory,
  type ReportedEpoch,
  type TaxBasis,
  type TaxYear,
} from '@jamnet/economy';
import { type Leaderboard, leaderboard } from './leaderboard.ts';
import { LINK_DAYS_MAX, StatementLinks } from './statement-links.ts';
import { type SuccessReport, successReport } from './success-report.ts';

/** Closed epochs that the public pages sum over: ten years of months. */
const EPOCHS_SHOWN_MAX = 120;

export interface ReadingParts {
  readonly economy: Economy;
  readonly nowUs: () => bigint;
  readonly publishBooks: () => Promise<void>;
  /** Signs links to statements. */
  readonly linkKey: Uint8Array;
}

/** What people read and the perks they take: asked by pages, API and command line alike. */
export interface ReadingDesk {
  success(): Promise<SuccessReport>;
  leaderboard(kind: ContributionKind | null, epochId: string | null): Promise<Result<Leaderboard>>;
  epochIds(): Promise<readonly string[]>;
  epoch(
    epochId: string,
  ): Promise<Result<{ readonly epoch: ReportedEpoch; readonly names: ReadonlyMap<string, string> }>>;
  statement(payee: string, epochId: string): Promise<Result<PayeeStatement>>;
  prices(): Promise<PriceHistory>;
  taxYear(year: number, basis: TaxBasis): Promise<Result<TaxYear>>;
  capTable(options: Omit<OcfOptions, 'md5'>): Promise<readonly OcfFile[]>;
  agreeToName(payee: string, name: string): Promise<Result<{ readonly name: string }>>;
  withdrawName(payee: string): Promise<void>;
  /** A link to a statement that works for some days, for its payee. */
  statementLink(payee: string, epochId: string, days: number): Promise<Result<StatementLink>>;
  mayRead(payee: string, epochId: string, given: { until: number; key: string }): boolean;
  readonly perks: PerkDesk;
  nowUs(): bigint;
  /** Publishes the leaves of what was posted; to be awaited after a perk moved units. */
  publish<T>(answer: Result<T>): Promise<Result<T>>;
}

export interface StatementLink {
  readonly path: string;
  /** UTC seconds. */
  readonly untilS: number;
}

export function readingDesk({ economy, nowUs, publishBooks, linkKey }: ReadingParts): ReadingDesk {
  const { reports, perks } = economy;
  const links = new StatementLinks(linkKey);
  const nowS = (): number => Number(nowUs() / 1_000_000n);
  const epochOf = async (epochId: string): Promise<Result<ReportedEpoch>> => {
    const epoch = await reports.epoch(epochId);
    return epoch ? ok(epoch) : refuse('epoch-not-closed', `There is no closed epoch ${epochId}.`);
  };
  return {
    success: async () => successReport(await reports.epochs(EPOCHS_SHOWN_MAX)),
    leaderboard: async (kind, epochId) => {
      if (epochId === null)
        return ok(await leaderboard(await reports.epochs(EPOCHS_SHOWN_MAX), kind, reports.names));
      const epoch = await epochOf(epochId);
      return epoch.ok ? ok(await leaderboard([epoch.value], kind, reports.names)) : epoch;
    },
    epochIds: async () => (await reports.epochs(EPOCHS_SHOWN_MAX)).map(({ epochId }) => epochId),
    epoch: async (epochId) => {
      const epoch = await epochOf(epochId);
      if (!epoch.ok) return epoch;
      const names = await reports.names(epoch.value.paid.map(({ payee }) => payee));
      return ok({ epoch: epoch.value, names });
    },
    statement: (payee, epochId) => reports.statement(nowUs(), payee, epochId),
    prices: () => reports.prices(),
    taxYear: (year, basis) => reports.taxYear(year, basis),
    capTable: async (options) => ocfFiles(await reports.capTable(), { ...options, md5 }),
    agreeToName: (payee, name) => reports.agreeToName(nowUs(), { payee, name }),
    withdrawName: (payee) => reports.withdrawName(nowUs(), payee),
    statementLink: async (payee, epochId, days) => {
      if (!Number.isInteger(days) || days < 1 || days > LINK_DAYS_MAX)
        return refuse('link-days', `A link lasts 1 to ${LINK_DAYS_MAX} days.`);
      const statement = await reports.statement(nowUs(), payee, epochId);
      if (!statement.ok) return statement;
      const untilS = nowS() + days * 86_400;
      const query = links.query(payee, epochId, untilS);
      return ok({
        path: `/reports/statements/${payee}/${encodeURIComponent(epochId)}.html?${query}`,
        untilS,
      });
    },
    mayRead: (payee, epochId, given) => links.isValid(payee, epochId, given, nowS()),
    perks,
    nowUs,
    publish: async (answer) => {
      if (answer.ok) await publishBooks();
      return answer;
    },
  };
}

/** The manifest of Open Cap Format lists files by this hash; nothing is protected by it. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
