import { ACCOUNTS, type AuditedLeaf, auditEpoch, type PublicEpoch, parsePublicEpoch } from '@jamnet/economy';
import { type Leaf, type VerifiedDirectory, verifyDirectory } from '@jamnet/ledger/verifier';
import { checkProposals, type PublicProposal } from '../governance/check-proposals.ts';
import { GOVERNANCE_LIMITS } from '../governance/core/limits.ts';
import { checkDraws } from '../groove/live/draw-check.ts';
import type { AuditCheckView, AuditView } from '../live/studio-state.ts';
import { EPOCHS_MAX, PUBLIC } from './public-layout.ts';
import type { BooksReader } from './readers.ts';

/** Cosignatures by distinct witnesses from which on the log counts as witnessed. */
export const WITNESS_QUORUM = 2;

/**
 * Audits a studio from its public files alone: the log's signature, tree, balances and floors; then each closed epoch
 * from its policy, valuation and rows against the journal's entries. `vkey` should come from elsewhere; without it the
 * key beside the log is used, which shows that the books agree with themselves and says so.
 */
export async function auditBooks(read: BooksReader, vkey?: string): Promise<AuditView> {
  const checks: AuditCheckView[] = [];
  const key = vkey ?? (await readText(read, PUBLIC.vkey))?.trim();
  if (!key)
    return failed(
      checks,
      'verifier key',
      `There is no ${PUBLIC.vkey}: name the key, or check that these are public books.`,
    );
  checks.push({
    name: 'verifier key',
    ok: true,
    detail: vkey ? 'given' : `taken from beside the log: ${key.slice(0, 60)}`,
  });

  const leaves: Leaf[] = [];
  const log = await verifyDirectory((path) => read(`${PUBLIC.log}${path}`), {
    vkey: key,
    onLeaf: (_index, leaf) => void leaves.push(leaf),
  });
  if (!log.ok) return failed(checks, 'log', `${log.message} [${log.code}]`);
  checks.push({
    name: 'log',
    ok: true,
    detail: `signed; ${log.value.checkpoint.size} entries hash to the signed root`,
  });
  checks.push(balancesCheck(log.value));

  const epochs = await readEpochs(read);
  if (typeof epochs === 'string') return failed(checks, 'epochs', epochs);
  let previous: PublicEpoch | undefined;
  for (const epoch of epochs) {
    checks.push(epochCheck(epoch, leaves, previous));
    previous = epoch;
  }
  checks.push(unexplainedIssues(leaves, epochs), receiptsCheck(leaves, epochs), ...drawsCheck(leaves));
  checks.push(...(await proposalsCheck(read, leaves)));
  const witnessed = log.value.checkpoint.witnesses.length >= WITNESS_QUORUM;
  return { verdict: checks.every((check) => check.ok) ? 'ok' : 'failed', witnessed, checks };
}

function failed(checks: readonly AuditCheckView[], name: string, detail: string): AuditView {
  return { verdict: 'failed', witnessed: false, checks: [...checks, { name, ok: false, detail }] };
}

/** The replay already refused any entry that breaks a balance or a floor; here the totals must be zero per asset. */
function balancesCheck(log: VerifiedDirectory): AuditCheckView {
  const totals = new Map<string, bigint>();
  let accounts = 0;
  for (const account of log.books.accounts()) {
    totals.set(account.asset, (totals.get(account.asset) ?? 0n) + account.balance);
    accounts++;
  }
  const balanced = [...totals.values()].every((total) => total === 0n);
  const detail = balanced
    ? `${accounts} accounts replayed; every asset sums to zero`
    : 'the balances do not sum to zero';
  return { name: 'balances', ok: balanced, detail };
}

function epochCheck(
  epoch: PublicEpoch,
  leaves: readonly AuditedLeaf[],
  previous: PublicEpoch | undefined,
): AuditCheckView {
  const audited = auditEpoch(epoch, leaves, previous);
  const name = `epoch ${epoch.epochId}`;
  if (!audited.ok) return { name, ok: false, detail: `${audited.message} [${audited.code}]` };
  const { revenueCents, contributorShareCents, issuedMicroJam, rows } = epoch;
  const returned = `${contributorShareCents} of ${revenueCents} cents returned`;
  return {
    name,
    ok: true,
    detail: `${returned}, ${issuedMicroJam} µJAM issued over ${rows.length} rows, recomputed to the unit`,
  };
}

/** Units may leave the pool for a payee only by an epoch that is in the books. */
function unexplainedIssues(leaves: readonly Leaf[], epochs: readonly PublicEpoch[]): AuditCheckView {
  const known = new Set(epochs.map((epoch) => epoch.epochId));
  const stray = leaves.filter(
    (leaf) => leaf.type === 'entry' && leaf.kind === 'epoch-issue' && !known.has(epochOf(leaf.key)),
  );
  const detail =
    stray.length === 0
      ? `${known.size} epochs explain every issue of JAMBucks`
      : `${stray.length} issues belong to no published epoch`;
  return { name: 'issues', ok: stray.length === 0, detail };
}

/** Epochs may declare no revenue that never came in; what came in and is declared nowhere yet is named. */
function receiptsCheck(leaves: readonly Leaf[], epochs: readonly PublicEpoch[]): AuditCheckView {
  let received = 0n;
  for (const leaf of leaves) {
    if (
      leaf.type !== 'entry' ||
      leaf.state !== 'posted' ||
      (leaf.kind !== 'receipt' && leaf.kind !== 'refund')
    )
      continue;
    for (const leg of leaf.legs) if (leg.account === ACCOUNTS.incomeUsd) received += leg.amount;
  }
  const declared = epochs.reduce((sum, epoch) => sum + epoch.revenueCents, 0n);
  const pending = received - declared;
  const detail = `${declared} of ${received} cents received are declared, ${pending} wait for the end of a refund window or an epoch`;
  return pending >= 0n
    ? { name: 'revenue', ok: true, detail }
    : {
        name: 'revenue',
        ok: false,
        detail: `epochs declare ${declared} cents, but only ${received} came in`,
      };
}

/** Draws of hosts for live rounds, where there are any: none fixed anew before the one before it has its end. */
function drawsCheck(leaves: readonly Leaf[]): AuditCheckView[] {
  const { opened, unopened, waiting, fault } = checkDraws(leaves);
  if (fault !== null) return [{ name: 'draws', ok: false, detail: fault }];
  if (opened + unopened === 0 && waiting === null) return [];
  const detail = `${opened} draws of hosts were opened, ${unopened} given up after a day${waiting === null ? '' : ', 1 waits'}`;
  return [{ name: 'draws', ok: true, detail }];
}

/** Proposed policies, where there are any: what was proposed and how it was decided is public, word for word. */
async function proposalsCheck(read: BooksReader, leaves: readonly Leaf[]): Promise<AuditCheckView[]> {
  const proposals = await readProposals(read);
  const name = 'proposals';
  if (typeof proposals === 'string') return [{ name, ok: false, detail: proposals }];
  const { decided, waiting, fault } = checkProposals(proposals, leaves);
  if (fault !== null) return [{ name, ok: false, detail: fault }];
  if (decided + waiting === 0) return [];
  const detail = `${decided} proposed policies were decided with public reasons after their comment period, ${waiting} wait`;
  return [{ name, ok: true, detail }];
}

async function readProposals(read: BooksReader): Promise<PublicProposal[] | string> {
  const text = await readText(read, PUBLIC.proposals);
  const list = text === null ? [] : parseJson(text);
  if (!Array.isArray(list) || list.length > GOVERNANCE_LIMITS.proposalsMax)
    return `${PUBLIC.proposals} is no list of at most ${GOVERNANCE_LIMITS.proposalsMax} proposals.`;
  const proposals: PublicProposal[] = [];
  for (const id of list) {
    if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id))
      return `${PUBLIC.proposals} names a proposal that is no id.`;
    proposals.push({ id, file: parseJson(await readText(read, PUBLIC.proposal(id))) });
  }
  return proposals;
}

/** Issue entries are keyed `epoch:<id>:issue:<n>`. */
function epochOf(key: string): string {
  return key.split(':')[1] ?? '';
}

async function readEpochs(read: BooksReader): Promise<PublicEpoch[] | string> {
  const list = parseJson(await readText(read, PUBLIC.epochs));
  if (!Array.isArray(list) || list.length > EPOCHS_MAX)
    return `${PUBLIC.epochs} is missing or is no list of at most ${EPOCHS_MAX} epochs.`;
  const epochs: PublicEpoch[] = [];
  for (const id of list) {
    if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(id))
      return `${PUBLIC.epochs} names an epoch that is no id.`;
    if (epochs.some((epoch) => epoch.epochId === id)) return `${PUBLIC.epochs} names ${id} twice.`;
    const parsed = parsePublicEpoch(parseJson(await readText(read, PUBLIC.epoch(id))));
    if (!parsed.ok) return `${PUBLIC.epoch(id)}: ${parsed.message} [${parsed.code}]`;
    if (parsed.value.epochId !== id) return `${PUBLIC.epoch(id)} is about epoch ${parsed.value.epochId}.`;
    epochs.push(parsed.value);
  }
  return epochs;
}

async function readText(read: BooksReader, path: string): Promise<string | null> {
  const bytes = await read(path);
  return bytes ? new TextDecoder().decode(bytes) : null;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
