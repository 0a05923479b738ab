import { formatAmount } from '@jamnet/base';
import { CONTRIBUTION_KINDS, type Economy, monthOf, type OpenFigures, type Valuation } from '@jamnet/economy';
import type { Ledger, TransparencyLog } from '@jamnet/ledger';
import type { FiguresAsOf } from '../books/open-figures.ts';
import type { EpochView, LedgerView, WalletView } from '../live/studio-state.ts';
import { type LabelBook, pseudonymOf } from './label-book.ts';

/** Wallets on the page; the API has each. */
const WALLETS_SHOWN_MAX = 200;

export async function ledgerView(ledger: Ledger, log: TransparencyLog, origin: string): Promise<LedgerView> {
  const checkpoint = new TextDecoder().decode(await log.checkpoint());
  return { size: Number(await ledger.size()), origin, vkey: log.vkey, checkpoint };
}

/** The epoch that is on: the sample's under a sample policy, else the calendar month; null before any policy. */
export async function shownEpochId(economy: Economy, nowUs: bigint): Promise<string | null> {
  const published = await economy.policy();
  if (!published) return null;
  const { epochs } = published.policy;
  return epochs.kind === 'sample' ? epochs.id : monthOf(nowUs).id;
}

export interface EpochViewParts {
  readonly economy: Economy;
  readonly labels: LabelBook;
  /** The state is open to anybody then, so payees go by their pseudonyms and balances stay their owners'. */
  readonly isExposed: boolean;
  /** What is known of an epoch that is open. */
  readonly openFigures: (epochId: string) => Promise<FiguresAsOf | null>;
}

/** The epoch as the page shows it: before its close what has come in, afterwards what it paid. */
export async function epochView(
  { economy, labels, isExposed, openFigures }: EpochViewParts,
  epochId: string,
  nowUs: bigint,
): Promise<EpochView | null> {
  const epoch = await economy.epoch(epochId);
  if (!epoch) return null;
  if (epoch.state === 'open') {
    const known = await openFigures(epochId);
    return openEpochView(epochId, known?.figures ?? null, known?.asOfUs ?? null);
  }
  const statement = await economy.statement(epochId);
  if (!statement.ok) return null;
  if (epoch.state === 'settling') return openEpochView(epochId, statement.value.publicEpoch, null);
  const { publicEpoch, payments } = statement.value;
  const wallets: WalletView[] = [];
  for (const { payee, microJam } of payments.slice(0, WALLETS_SHOWN_MAX)) {
    const wallet = await economy.walletHead(nowUs, payee);
    const lines = await economy.epochLines(payee, epochId);
    const held = wallet.balanceMicroJam + wallet.redeemingMicroJam + wallet.escrowMicroJam;
    wallets.push({
      payee,
      label: isExposed ? pseudonymOf(payee) : labels.labelOf(payee),
      kinds: [...new Set(lines.map((line) => line.kind))].sort(),
      amountMicroJam: microJam.toString(),
      balanceMicroJam: isExposed ? null : held.toString(),
      worthCents: isExposed ? null : (wallet.worthCents?.toString() ?? null),
    });
  }
  return {
    id: epochId,
    state: 'closed',
    asOfUs: null,
    revenueCents: publicEpoch.revenueCents.toString(),
    contributorShareCents: publicEpoch.contributorShareCents.toString(),
    issuedMicroJam: publicEpoch.issuedMicroJam.toString(),
    unitPriceText: unitPriceText(publicEpoch.valuation),
    byKind: await issuedByKind(economy, epochId),
    wallets,
  };
}

/** What all payees of a closed epoch got, by kind, as its public file says. */
async function issuedByKind(economy: Economy, epochId: string): Promise<EpochView['byKind']> {
  const paid = (await economy.reports.epoch(epochId))?.paid ?? [];
  const kinds = CONTRIBUTION_KINDS.map((kind) => ({
    kind,
    amountMicroJam: paid.reduce((sum, { byKind }) => sum + byKind[kind], 0n),
  }));
  return kinds
    .filter(({ amountMicroJam }) => amountMicroJam > 0n)
    .map(({ kind, amountMicroJam }) => ({ kind, amountMicroJam: amountMicroJam.toString() }));
}

/** `asOfUs` null: as it was decided, or nothing is known yet. */
export function openEpochView(
  epochId: string,
  figures: OpenFigures | null,
  asOfUs: bigint | null,
): EpochView {
  return {
    id: epochId,
    state: 'open',
    asOfUs: asOfUs?.toString() ?? null,
    revenueCents: (figures?.revenueCents ?? 0n).toString(),
    contributorShareCents: (figures?.contributorShareCents ?? 0n).toString(),
    issuedMicroJam: '0',
    unitPriceText: unitPriceText(figures?.valuation ?? null),
    byKind: [],
    wallets: [],
  };
}

/** V/S in dollars to four decimals, for people; payments never use this rounded figure. */
function unitPriceText(valuation: Valuation | null): string {
  if (!valuation) return 'no valuation yet';
  const tenThousandths = (valuation.valueCents * 100n) / valuation.fullyDilutedUnits;
  const text = formatAmount(tenThousandths / 100n, 'USD');
  return `$${text}${(tenThousandths % 100n).toString().padStart(2, '0')} a unit`;
}
