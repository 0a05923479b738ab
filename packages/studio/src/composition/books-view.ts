import { formatAmount } from '@jamnet/base';
import { CONTRIBUTION_KINDS, type Economy, monthOf, type Valuation } from '@jamnet/economy';
import type { Ledger, TransparencyLog } from '@jamnet/ledger';
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

/**
 * The epoch as the page shows it: before its close what has come in, afterwards what it paid. `isExposed`: the state is open to
 * anybody then, so payees go by their pseudonyms and balances stay their owners'.
 */
export async function epochView(
  economy: Economy,
  labels: LabelBook,
  epochId: string,
  nowUs: bigint,
  isExposed: boolean,
): Promise<EpochView | null> {
  const epoch = await economy.epoch(epochId);
  if (!epoch) return null;
  if (epoch.state !== 'closed') return openEpochView(economy, epochId);
  const statement = await economy.statement(epochId);
  if (!statement.ok) return null;
  const { publicEpoch, payments } = statement.value;
  const wallets: WalletView[] = [];
  for (const { payee, microJam } of payments.slice(0, WALLETS_SHOWN_MAX)) {
    const wallet = await economy.wallet(nowUs, payee);
    const lines = wallet.lines.filter((line) => line.epochId === epochId);
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

async function openEpochView(economy: Economy, epochId: string): Promise<EpochView> {
  const preview = await economy.dryRun(epochId);
  const figures = preview.ok ? preview.value.publicEpoch : null;
  return {
    id: epochId,
    state: 'open',
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
