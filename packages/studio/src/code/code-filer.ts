import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  enterBounty,
  enterUses,
  hashWorkload,
  type IdentityEntry,
  type IdentityJournal,
  isFixedWorkload,
  parseWorkload,
  payeeOfIdentity,
  payeeOfPackages,
  readBounties,
  readIdentities,
  unpaidOfBounty,
  writeBounty,
} from '@jamnet/attribution';
import { ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import type { Contribution, Economy, EpochInfo, Policy } from '@jamnet/economy';
import { type CodeFinding, nameEarners } from './code-finding.ts';
import type { CodeReader } from './code-reader.ts';
import { CODE_METER, filedContributions } from './filed-contributions.ts';
import { type CodeFilingRecord, FilingFolder } from './filing-folder.ts';
import { type MirroredRepository, readRepositories } from './mirrored-repositories.ts';
import { ProfileFolder } from './profiles/profile-folder.ts';

export interface CodeFilerParts {
  readonly dataDirectory: string;
  readonly economy: Economy;
  readonly reader: CodeReader;
  readonly nowUs: () => bigint;
  /** 32 secret bytes of the studio, see `newContribution`. */
  readonly evidenceSecret: Uint8Array;
  readonly nameMember: (payee: string, label: string) => void;
  readonly publishBooks: () => Promise<void>;
  /** Told of what was filed, to show it. */
  readonly onFiled: (contributions: readonly Contribution[]) => Promise<void>;
}

export interface CodeFiled {
  readonly repository: string;
  readonly epochId: string;
  readonly head: string;
  /** Σ of the merits of use and packages, out of 10⁹. */
  readonly usedMerit: bigint;
  readonly contributions: number;
  readonly bountiesPaid: number;
  /** Commits with gated hunks that came into the curators' queue. */
  readonly queued: number;
  /** Commits for which the queue had no room: they stay gated, and nobody is asked about them. */
  readonly leftOut: number;
}

export interface SettledEscrow {
  readonly handedOver: readonly {
    readonly from: string;
    readonly to: string;
    readonly microJam: bigint;
    readonly cents: bigint;
  }[];
  readonly expired: readonly { readonly payee: string; readonly microJam: bigint; readonly cents: bigint }[];
}

/** Brings what code earns into an epoch: reads each repository, writes down what it earns, files that, once. */
export class CodeFiler {
  readonly #parts: CodeFilerParts;
  readonly #folder: FilingFolder;
  readonly #inTurn = oneAfterAnother();

  constructor(parts: CodeFilerParts) {
    this.#parts = parts;
    this.#folder = new FilingFolder(parts.dataDirectory);
  }

  /**
   * Files listed repositories that have a workload, in the order of the list, or only the one named. Repeating it files only
   * what is new since.
   */
  fileEpoch(epochId: string, only?: string): Promise<Result<readonly CodeFiled[]>> {
    // Two filings at once would each find unpaid what the other pays.
    return this.#inTurn(() => this.#fileAll(epochId, only));
  }

  async #fileAll(epochId: string, only: string | undefined): Promise<Result<readonly CodeFiled[]>> {
    const repositories = this.#earning();
    if (!repositories.ok) return repositories;
    const wanted = repositories.value.filter(({ repository }) => only === undefined || repository === only);
    if (only !== undefined && wanted.length === 0)
      return refuse(
        'repository-unknown',
        `${only} earns nothing here: list it with a workload in code/repositories.json.`,
      );
    const filed: CodeFiled[] = [];
    for (const repository of wanted) {
      const one = await this.#file(epochId, repository);
      if (!one.ok) return one;
      filed.push(one.value);
    }
    return ok(filed);
  }

  /** Repositories that would earn in this epoch and are not filed. */
  unfiled(epochId: string): Result<readonly string[]> {
    const repositories = this.#earning();
    if (!repositories.ok) return repositories;
    // A second filing that stopped half-way is owed as much as a first.
    const isFiled = ({ repository }: MirroredRepository): boolean => {
      const records = this.#folder.ofEpoch(repository, epochId);
      return records.length > 0 && records.every((record) => record.isFiled);
    };
    return ok(repositories.value.filter((one) => !isFiled(one)).map(({ repository }) => repository));
  }

  /** Takes commits whose hunks the gate held back into the curators' queue; a full queue holds up no filing. */
  queueGated({
    repository,
    gatedWork,
  }: Pick<CodeFinding, 'repository' | 'gatedWork'>): Result<Pick<CodeFiled, 'queued' | 'leftOut'>> {
    const queue = readBounties(this.#parts.dataDirectory);
    if (!queue.ok) return queue;
    let [queued, leftOut] = [0, 0];
    for (const work of gatedWork) {
      // What only bots wrote has nobody to pay.
      if (work.people.length === 0) continue;
      const entry = queue.value.queue(repository, work, this.#parts.nowUs());
      if (!entry.ok && entry.code === 'bounty-queue-full') leftOut += 1;
      else if (!entry.ok) return entry;
      else if (entry.value !== null) {
        writeBounty(this.#parts.dataDirectory, entry.value);
        queued += 1;
      }
    }
    return ok({ queued, leftOut });
  }

  /** Gives claimed identities what has waited for them, where their payee is registered; then returns what has expired. */
  async settleEscrow(): Promise<Result<SettledEscrow>> {
    const settled = await this.#settle();
    // Also after a refusal: what moved before it stands in the books.
    await this.#parts.publishBooks();
    return settled;
  }

  async #settle(): Promise<Result<SettledEscrow>> {
    const { dataDirectory, economy, nowUs } = this.#parts;
    const identities = readIdentities(dataDirectory);
    if (!identities.ok) return identities;
    const handedOver: SettledEscrow['handedOver'][number][] = [];
    for (const [{ person, packages }, evidenceSha256] of proofs(identities.value)) {
      const to = identities.value.payeeOf(person);
      if (to === undefined || (await economy.ownerGroupOf(to)) === null) continue;
      const from = packages === undefined ? payeeOfIdentity(person) : payeeOfPackages(packages);
      const moved = await economy.handOverEscrow(nowUs(), { from, to, evidenceSha256 });
      if (!moved.ok) return moved;
      if (moved.value.microJam > 0n || moved.value.cents > 0n) handedOver.push({ from, to, ...moved.value });
    }
    return ok({ handedOver, expired: await economy.expireEscrow(nowUs()) });
  }

  #earning(): Result<readonly MirroredRepository[]> {
    const listed = readRepositories(this.#parts.dataDirectory);
    return listed.ok ? ok(listed.value.filter(({ workloadFile }) => workloadFile !== null)) : listed;
  }

  async #file(epochId: string, repository: MirroredRepository): Promise<Result<CodeFiled>> {
    const name = repository.repository;
    const epoch = await this.#parts.economy.epoch(epochId);
    if (epoch === null) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
    // What was decided before a stop is filed as it was decided, whatever the repository holds now.
    const decided = this.#folder.ofEpoch(name, epochId).find((record) => !record.isFiled);
    if (decided !== undefined) return this.#finish(decided);
    if (epoch.state !== 'open')
      return refuse('epoch-closed', `Epoch ${epochId} is closed: code earns in the next one.`);
    const policy = await this.#parts.economy.policyOf(epoch);
    const fault = policyFault(policy, repository);
    if (fault !== null) return fault;
    const outcome = await this.#parts.reader.read({
      dataDirectory: this.#parts.dataDirectory,
      repository,
      epochId,
      dependencyBudgetPpm: policy.code?.dependencies?.budgetPpm ?? 0,
      paidCents: await this.#paidCents(epochId),
    });
    if (outcome.type !== 'read') return refuse(outcome.code, `${name}: ${outcome.message}`);
    const { finding } = outcome;
    if (finding.problem !== null)
      return refuse(
        'code-not-measured',
        `${name} was not filed, since no use of it could be measured: ${finding.problem}`,
      );
    const record = this.#decide(epoch, policy, finding);
    return record.ok ? this.#finish(record.value) : record;
  }

  #decide(epoch: EpochInfo, policy: Policy, finding: CodeFinding): Result<CodeFilingRecord> {
    const { dataDirectory, nowUs, evidenceSecret } = this.#parts;
    const known = this.#folder.ofEpoch(finding.repository, epoch.id);
    const same = known.find(({ finding: { head } }) => head === finding.head);
    if (same !== undefined) return ok(same);
    const queue = readBounties(dataDirectory);
    if (!queue.ok) return queue;
    const identities = readIdentities(dataDirectory);
    if (!identities.ok) return identities;
    const paid = this.#folder.paid();
    if (!paid.ok) return paid;
    const granted = queue.value
      .list()
      .filter(({ state, repository }) => state === 'granted' && repository === finding.repository)
      .filter(({ keys }) => unpaidOfBounty(paid.value, keys).length > 0);
    // A month that is over is filed late but earned then.
    const last = epoch.endUs - 1n;
    const now = nowUs();
    const filed = filedContributions({
      epochId: epoch.id,
      policy,
      finding,
      granted,
      payeeOf: (person) => identities.value.payeeOf(person) ?? payeeOfIdentity(person),
      evidenceSecret,
      acceptedAtUs: now < last ? now : last,
    });
    // Sessions are divided once an epoch: a later filing of new statements does not count them again.
    const uses = known.length === 0 ? filed.uses : [];
    const record = { epochId: epoch.id, isFiled: false, finding, ...filed, uses };
    this.#folder.write(record);
    return ok(record);
  }

  /** Every step may be repeated: what was done before is done again to the same end. */
  async #finish(record: CodeFilingRecord): Promise<Result<CodeFiled>> {
    const { epochId, finding, contributions, uses, bounties } = record;
    const { economy, nowUs, nameMember, onFiled } = this.#parts;
    const paid = this.#folder.paid();
    if (!paid.ok) return paid;
    const entries = enterUses(paid.value, epochId, finding.earningKeys);
    if (!entries.ok) return entries;
    const entered = enterBounty(
      entries.value,
      epochId,
      bounties.flatMap(({ keys }) => keys),
    );
    if (!entered.ok) return entered;
    this.#folder.keepPaid(entered.value);
    nameEarners(finding, nameMember);
    const added = await economy.addContributions(nowUs(), contributions);
    if (!added.ok) return added;
    const used = await economy.addUses(uses);
    if (!used.ok) return used;
    const marked = this.#markPaid(record);
    if (!marked.ok) return marked;
    const queued = this.queueGated(finding);
    if (!queued.ok) return queued;
    // A filing that stopped and is finished late must not undo what a newer one has judged meanwhile.
    const judged = this.#folder.judged(finding.repository);
    if ((judged?.head ?? null) === finding.since) this.#folder.keepJudged(finding.repository, finding.judged);
    this.#folder.write({ ...record, isFiled: true });
    if (added.value.added > 0) await onFiled(contributions);
    return ok({
      repository: finding.repository,
      epochId,
      head: finding.head,
      usedMerit: finding.earnings.reduce((sum, { merit }) => sum + BigInt(merit), 0n),
      contributions: contributions.length,
      bountiesPaid: bounties.length,
      ...queued.value,
    });
  }

  /** What principals with profiles in this epoch have paid. */
  async #paidCents(epochId: string): Promise<Record<string, string>> {
    const { dataDirectory, economy } = this.#parts;
    const principals = new ProfileFolder(dataDirectory).ofMonth(epochId).map(({ principal }) => principal);
    const paid: Record<string, string> = {};
    for (const principal of new Set(principals))
      paid[principal] = (await economy.revenue.openCentsOf(principal)).toString();
    return paid;
  }

  #markPaid({ epochId, bounties }: CodeFilingRecord): Result<null> {
    const queue = readBounties(this.#parts.dataDirectory);
    if (!queue.ok) return queue;
    for (const { id, contribution } of bounties) {
      if (queue.value.get(id)?.state === 'paid') continue;
      const atUs = String(this.#parts.nowUs());
      const entry = queue.value.apply({ kind: 'paid', id, epochId, contribution, atUs });
      if (!entry.ok) return entry;
      writeBounty(this.#parts.dataDirectory, entry.value);
    }
    return ok(null);
  }
}

/** Only what the policy names before the epoch can be paid by: its meter, and the very workload that it pins by hash. */
function policyFault(policy: Policy, { repository, workloadFile }: MirroredRepository) {
  const meter = policy.code?.meter ?? CODE_METER;
  if (policy.meters[meter]?.kind !== 'code')
    return refuse('code-without-meter', `The policy of the epoch has no meter ${meter} for code.`);
  const workload = readWorkload(workloadFile ?? '');
  if (!workload.ok) return refuse(workload.code, `${repository}: ${workload.message}`);
  const sha256 = hashWorkload(workload.value);
  if (!Object.values(policy.documents).includes(sha256))
    return refuse(
      'workload-not-pinned',
      `The workload of ${repository} has the hash ${sha256}, which the policy of the epoch does not pin among its documents: publish one that does before the next epoch.`,
    );
  return isFixedWorkload(workload.value)
    ? null
    : refuse(
        'workload-not-fixed',
        `The workload of ${repository} fixes neither what its inputs hold nor what it prints, so whoever edits an input would decide what counts: add inputBlobs, inputsFromCommit or expectedOutputSha256, and publish a policy that pins it before the next epoch.`,
      );
}

function readWorkload(file: string): ReturnType<typeof parseWorkload> {
  try {
    return parseWorkload(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there or no JSON: one sentence for both.
    return refuse('workload-malformed', `The workload ${file} cannot be read as JSON.`);
  }
}

/** Of each identity that was ever claimed its last entry, and the hash of it. */
function proofs(identities: IdentityJournal): ReadonlyMap<IdentityEntry, string> {
  const last = new Map(identities.entries.map((entry) => [entry.person, entry]));
  return new Map(
    [...last.values()].map((entry) => [
      entry,
      createHash('sha256').update(JSON.stringify(entry)).digest('hex'),
    ]),
  );
}
