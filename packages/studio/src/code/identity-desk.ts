import {
  ALLOWED_KEYS_PATH,
  ALLOWED_SIGNERS_PATH,
  CLAIM_PATH,
  enterIdentity,
  type ForgeAccount,
  forgeAccountOf,
  type IdentityEntry,
  type IdentityJournal,
  type IdentityRequest,
  keysAddressOf,
  namesAddress,
  payeeOfIdentity,
  payeeOfPackages,
  readIdentities,
  SIGNATURE_NAMESPACE,
  studioIdOf,
  verifyAccount,
  verifyClaimFile,
  verifySignature,
} from '@jamnet/attribution';
import { ok, present, type Result, refuse } from '@jamnet/base';
import type { Economy } from '@jamnet/economy';
import { CodeFolder } from './code-folder.ts';
import { type MirroredRepository, mirrorDirectory, readRepositories } from './mirrored-repositories.ts';

/** Claims that wait for their check at most: each starts a verifier and searches histories. */
export const CLAIMS_WAITING_MAX = 20;

export interface IdentityDeskParts {
  readonly dataDirectory: string;
  readonly economy: Pick<Economy, 'walletHead'>;
  readonly nowUs: () => bigint;
  /** What a forge says at an address of an account's keys; `null`: no good answer. */
  readonly fetchKeys: (address: string) => Promise<string | null>;
}

/** What to sign or commit, and where the studio then looks whether it was done by who may. */
export interface ClaimPlan {
  readonly challenge: string;
  /** Of the signature (ssh-keygen -Y sign -n). */
  readonly namespace: string;
  /** `repositories`: each lists the key; `account`: the forge publishes it; `committed`: the challenge is in the packages' repository. */
  readonly way: 'repositories' | 'account' | 'committed';
  /** Repositories that are looked into, by name. */
  readonly repositories: readonly string[];
  /** In each repository: lists of keys, or the file of the challenge. */
  readonly files: readonly string[];
  /** Where the forge publishes the account's keys: those of SSH, those of OpenPGP. */
  readonly keysAddresses: readonly string[];
}

/** What a payee claimed or let go of. */
export interface OwnIdentity extends Omit<IdentityEntry, 'person' | 'packages'> {
  /** Its place in the journal, counted from 1. */
  readonly number: string;
  readonly packages: string | null;
  /** Claimed, and not released since. */
  readonly isHeld: boolean;
  /** Of an address that is held: whose name its commits carry and what they earn, out of 10⁹, by repository. */
  readonly code: readonly {
    readonly slug: string;
    readonly repository: string;
    readonly name: string;
    readonly share: number;
  }[];
  /** What was earned before the claim and not handed over yet. */
  readonly waitingMicroJam: string;
}

/** Where members show that an address of commits, or a repository of packages, is theirs: as `jamnet identity` does, by what this studio can see for itself. */
export class IdentityDesk {
  readonly #parts: IdentityDeskParts;
  readonly #folder: CodeFolder;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(parts: IdentityDeskParts) {
    this.#parts = parts;
    this.#folder = new CodeFolder(parts.dataDirectory);
  }

  /** Entries of one payee, the newest first, those below `before` where it is given. */
  async own(payee: string, before: bigint | null, limit: number): Promise<Result<readonly OwnIdentity[]>> {
    const journal = readIdentities(this.#parts.dataDirectory);
    if (!journal.ok) return journal;
    const numbers = journal.value.entries
      .flatMap((entry, index) => (entry.payee === payee ? [index + 1] : []))
      .filter((number) => before === null || BigInt(number) < before)
      .reverse();
    const own: OwnIdentity[] = [];
    for (const number of numbers.slice(0, limit)) own.push(await this.#view(journal.value, number));
    return ok(own);
  }

  /** What is to be signed or committed for a claim or a release. */
  async plan(request: IdentityRequest): Promise<Result<ClaimPlan>> {
    const challenge = this.#challenge(request);
    if (!challenge.ok) return challenge;
    const repositories = readRepositories(this.#parts.dataDirectory);
    if (!repositories.ok) return repositories;
    const base = { challenge: challenge.value, namespace: SIGNATURE_NAMESPACE, keysAddresses: [] };
    if ('packages' in request) {
      const { packages } = request;
      return this.#earnsHere(packages)
        ? ok({ ...base, way: 'committed', repositories: [packages], files: [CLAIM_PATH] })
        : NO_PACKAGES;
    }
    const account = accountAt(request.email, repositories.value);
    if (account !== null) {
      const keysAddresses = [keysAddressOf(account, 'keys'), keysAddressOf(account, 'gpg')];
      return ok({ ...base, way: 'account', repositories: [], files: [], keysAddresses });
    }
    const naming = await this.#naming(request.email, repositories.value);
    if (naming.length === 0) return NO_COMMIT;
    const files = [ALLOWED_SIGNERS_PATH, ALLOWED_KEYS_PATH];
    return ok({ ...base, way: 'repositories', repositories: naming, files });
  }

  /** Checks what was signed or committed and enters it. One after the other: an old signature must find the number it was made for. */
  enter(request: IdentityRequest, signature: string): Promise<Result<OwnIdentity>> {
    if (this.#waiting >= CLAIMS_WAITING_MAX) return Promise.resolve(TOO_MANY);
    this.#waiting++;
    const entered = this.#last.then(() => this.#enter(request, signature));
    this.#last = entered.then(
      () => undefined,
      () => undefined,
    );
    return entered.finally(() => {
      this.#waiting--;
    });
  }

  async #enter(request: IdentityRequest, signature: string): Promise<Result<OwnIdentity>> {
    const plan = await this.plan(request);
    if (!plan.ok) return plan;
    const key = await this.#keyOf(request, plan.value, signature);
    if (!key.ok) return key;
    const { dataDirectory, nowUs } = this.#parts;
    const entered = enterIdentity(dataDirectory, request, { atUs: nowUs(), key: key.value });
    if (!entered.ok) return entered;
    const journal = readIdentities(dataDirectory);
    return journal.ok ? ok(await this.#view(journal.value, journal.value.entries.length)) : journal;
  }

  /** What showed it, as the journal names it. */
  async #keyOf(request: IdentityRequest, plan: ClaimPlan, signature: string): Promise<Result<string>> {
    const { challenge } = plan;
    if ('packages' in request) {
      const commit = await verifyClaimFile(`https://${request.packages}`, challenge);
      return commit.ok ? ok(`git:${commit.value}`) : commit;
    }
    const signed = { email: request.email, challenge, signature };
    if (plan.way === 'account') {
      const isPgp = signature.startsWith('-----BEGIN PGP');
      const address = plan.keysAddresses[isPgp ? 1 : 0] ?? '';
      const publishedKeys = await this.#parts.fetchKeys(address);
      return publishedKeys === null ? noKeysAt(address) : verifyAccount({ ...signed, publishedKeys });
    }
    // Every repository that has commits of the address: the maintainers of one alone could give it to anybody.
    let key: Result<string> = NO_COMMIT;
    for (const repository of plan.repositories) {
      const repoDirectory = mirrorDirectory(this.#parts.dataDirectory, repository);
      key = await verifySignature({ ...signed, repoDirectory });
      if (!key.ok) return refuse(key.code, `${repository}: ${key.message}`);
    }
    return key;
  }

  #challenge(request: IdentityRequest): Result<string> {
    const { dataDirectory } = this.#parts;
    const journal = readIdentities(dataDirectory);
    if (!journal.ok) return journal;
    const challenge = journal.value.challenge(request, studioIdOf(dataDirectory));
    if (!challenge.ok) return challenge;
    // Before somebody signs in vain.
    const tried = journal.value.enter(request, this.#parts.nowUs(), '');
    return tried.ok ? challenge : tried;
  }

  /** Listed repositories with commits of the address, by name. */
  async #naming(email: string, repositories: readonly MirroredRepository[]): Promise<string[]> {
    const naming: string[] = [];
    for (const { repository } of repositories)
      if (await namesAddress(mirrorDirectory(this.#parts.dataDirectory, repository), email))
        naming.push(repository);
    return naming;
  }

  /** Whether a repository that is read here runs packages of this one: nothing else is fetched at a member's word. */
  #earnsHere(packages: string): boolean {
    const isRun = (slug: string): boolean | undefined =>
      this.#folder.summary(slug)?.dependencies.some(({ repository }) => repository === packages);
    // A package may call any host its home: one of this machine or its network is not asked.
    return PUBLIC_HOST.test(packages.split('/')[0] ?? '') && this.#folder.slugs().some(isRun);
  }

  /** `number`: place in the journal, counted from 1. */
  async #view(journal: IdentityJournal, number: number): Promise<OwnIdentity> {
    const entry = present(journal.entries[number - 1], `entry ${number} of the identity journal`);
    const { person, packages, ...told } = entry;
    const isLast = journal.entries.findLast((one) => one.person === person) === entry;
    const isHeld = isLast && entry.kind === 'claim';
    const from = packages === undefined ? payeeOfIdentity(person) : payeeOfPackages(packages);
    const { economy, nowUs } = this.#parts;
    const waiting = isHeld ? (await economy.walletHead(nowUs(), from)).escrowMicroJam : 0n;
    return {
      ...told,
      number: `${number}`,
      packages: packages ?? null,
      isHeld,
      code: isHeld && packages === undefined ? this.#codeOf(person) : [],
      waitingMicroJam: `${waiting}`,
    };
  }

  #codeOf(person: string): OwnIdentity['code'] {
    return this.#folder.slugs().flatMap((slug) => {
      const found = this.#folder.person(slug, person);
      const repository = found === null ? undefined : this.#folder.summary(slug)?.repository;
      return found === null || repository === undefined
        ? []
        : [{ slug, repository, name: found.name, share: found.share }];
    });
  }
}

/** The account behind an address that a forge made, where a listed repository lies at that forge: no other host is asked. */
function accountAt(email: string, repositories: readonly MirroredRepository[]): ForgeAccount | null {
  const account = forgeAccountOf(email);
  const isKnown = repositories.some(({ repository }) => repository.split('/')[0] === account?.host);
  return isKnown ? account : null;
}

/** A name with a top-level domain, and no address. */
const PUBLIC_HOST = /^([a-z0-9-]+\.)+(?!local$|internal$|localhost$)[a-z]{2,}$/;

const TOO_MANY = refuse(
  'claims-waiting',
  'Too many claims are being checked just now: try again in a minute.',
);
const NO_COMMIT = refuse(
  'address-without-code',
  'No repository here has a commit of this address: give it as it stands in your commits (git log --format=%ae).',
);
const NO_PACKAGES = refuse(
  'packages-unknown',
  'No repository here runs packages of this one: give its name as the page of code shows it.',
);

function noKeysAt(address: string): Result<string> {
  return refuse(
    'account-keys-unreachable',
    `${address} gave no answer: look whether the account is spelt so, then try again.`,
  );
}
