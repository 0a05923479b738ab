import { randomBytes } from 'node:crypto';
import { fromHex, ok, type Result, refuse, toHex } from '@jamnet/base';
import { claimCodeSha256, type EconomyCode, newClaimCode, readClaimCode } from '@jamnet/economy';
import {
  type Farm,
  farmStatement,
  pairStatement,
  platformSha256,
  platformVerifySignature,
} from '@jamnet/jamnode';
import { type NodeClaim, type NodeRow, nodeIdOf } from '@jamnet/mesh';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { PAIRING_MIGRATIONS, type PairingTables, type PairNodeRow } from './pairing-tables.ts';

/** Machines that one code may bring: a room full of cards. */
export const NODES_PER_CODE_MAX = 1000;
const HOURS_MAX = 24 * 30;
const HOUR_US = 3_600_000_000n;
/** Codes that are open at once: each is a row that waits to expire. */
const OPEN_CODES_MAX = 1000;
/** Of one owner, so that nobody's codes take everybody's room. */
export const OPEN_CODES_PER_OWNER_MAX = 20;
/** How far the clock of an asking machine may be off, and how long its question could be repeated. */
const QUESTION_AGE_US_MAX = 300_000_000n;

/** When the codes of an owner who was erased end: it keeps their name taken. */
const OWNER_GONE = 0n;

export type PairingCode =
  | 'code-terms-out-of-range'
  | 'codes-full'
  | 'claim-code-malformed'
  | 'code-unknown'
  | 'code-used-up'
  | 'signature-invalid'
  | 'node-belongs-elsewhere'
  | 'node-not-paired'
  | 'owner-not-paired'
  | 'question-stale';

export interface PairingParts {
  readonly database: Database;
  readonly nowUs: () => bigint;
  /** The coordinator's row of a key, if it has one. */
  readonly nodeOf: (publicKey: string) => Promise<NodeRow | null>;
  /** What the owner's machines do and earned, for a signed question. */
  readonly farmOf: (owner: Owner, keys: readonly string[]) => Promise<Farm>;
  /** Tells the economy that the owner's payee is somebody's, or what it earns waits in escrow; told of each machine again. */
  readonly registerPayee: (owner: Owner, evidenceSha256: string) => Promise<Result<unknown, EconomyCode>>;
}

interface Owner {
  readonly ownerGroup: string;
  readonly payee: string;
}

/** Binds machines to owners by a code that the operator gives out, and keeps an owner's name for those machines alone. */
export class PairingDesk {
  readonly #parts: PairingParts;
  readonly #tables: Kysely<PairingTables>;

  static async open(parts: PairingParts): Promise<PairingDesk> {
    await migrate(parts.database, 'pairing', PAIRING_MIGRATIONS);
    return new PairingDesk(parts);
  }

  constructor(parts: PairingParts) {
    this.#parts = parts;
    this.#tables = tablesOf<PairingTables>(parts.database);
  }

  /** A code for so many machines of one owner. Only its hash is kept: it is shown once. */
  async newCode(terms: {
    ownerGroup: string;
    payee: string;
    nodes: number;
    hours: number;
  }): Promise<Result<{ code: string; expiresAtUs: bigint }, PairingCode>> {
    const { ownerGroup, payee, nodes, hours } = terms;
    if (nodes < 1 || nodes > NODES_PER_CODE_MAX || hours < 1 || hours > HOURS_MAX)
      return refuse(
        'code-terms-out-of-range',
        `A code is for 1 to ${NODES_PER_CODE_MAX} machines and 1 to ${HOURS_MAX} hours.`,
      );
    const nowUs = this.#parts.nowUs();
    // A used or expired code still keeps its owner's name taken, so only counts are looked at.
    const { open, own } = await this.#tables
      .selectFrom('mesh_pair_code')
      .where('expires_at_us', '>', nowUs)
      .where('nodes_left', '>', 0n)
      .select(({ fn, eb }) => [
        fn.countAll().as('open'),
        fn.count(eb.case().when('owner_group', '=', ownerGroup).then(1).end()).as('own'),
      ])
      .executeTakeFirstOrThrow();
    if (Number(open) >= OPEN_CODES_MAX)
      return refuse('codes-full', `At most ${OPEN_CODES_MAX} codes may be open: let some be used or expire.`);
    if (Number(own) >= OPEN_CODES_PER_OWNER_MAX)
      return refuse(
        'codes-full',
        `An owner has at most ${OPEN_CODES_PER_OWNER_MAX} open codes: use one, or let one expire.`,
      );
    const code = newClaimCode(() => randomBytes(32));
    const expiresAtUs = nowUs + BigInt(hours) * HOUR_US;
    const row = { owner_group: ownerGroup, payee, nodes_left: BigInt(nodes), expires_at_us: expiresAtUs };
    await this.#tables
      .insertInto('mesh_pair_code')
      .values({ code_sha256: claimCodeSha256(code), ...row })
      .execute();
    return ok({ code, expiresAtUs });
  }

  /**
   * Binds the key that signed to the owner of the code, and registers the owner's payee by what was signed. The same key and code
   * again answer the same and use nothing up.
   */
  async pair(request: {
    code: string;
    publicKey: string;
    signature: string;
  }): Promise<Result<Owner, PairingCode | EconomyCode>> {
    const code = readClaimCode(request.code);
    if (!code.ok) return code;
    const { publicKey, signature } = request;
    const statement = pairStatement(code.value, publicKey);
    if (!isSigned(publicKey, statement, signature)) return notSigned();
    const asked: PairQuestion = {
      codeSha256: claimCodeSha256(code.value),
      publicKey,
      known: await this.#parts.nodeOf(publicKey),
      nowUs: this.#parts.nowUs(),
    };
    const offer = await offerOf(this.#tables, asked);
    if (!offer.ok) return offer;
    // Before the machine is bound: a payee that cannot be registered leaves all as it was, and a repeat makes good a crash in between.
    const evidenceSha256 = toHex(platformSha256(statement));
    const registered = await this.#parts.registerPayee(offer.value.owner, evidenceSha256);
    if (!registered.ok) return registered;
    return this.#tables.transaction().execute((tables) => bind(tables, asked));
  }

  /** Whether a registering node may use its owner's name: one that codes were made for belongs to the machines they bound. */
  async admit(claim: NodeClaim): Promise<Result<null, 'owner-not-paired'>> {
    const bound = await boundNode(this.#tables, claim.publicKey);
    if (bound?.owner_group === claim.ownerGroup && bound.payee === claim.payee) return ok(null);
    const codes = await this.#tables
      .selectFrom('mesh_pair_code')
      .select('expires_at_us')
      .where('owner_group', '=', claim.ownerGroup)
      .orderBy('expires_at_us', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!codes) return ok(null);
    if (codes.expires_at_us === OWNER_GONE)
      return refuse(
        'owner-not-paired',
        'Whom this machine worked for has erased their account: to work for somebody else, begin with a new --directory and a code of theirs.',
      );
    return refuse(
      'owner-not-paired',
      `Owner "${claim.ownerGroup}" takes machines by code only: ask for one, then "jamnet node pair CODE".`,
    );
  }

  /** All machines of the owner of the key that signed the question. */
  async farm(request: {
    publicKey: string;
    atUs: number;
    signature: string;
  }): Promise<Result<Farm, PairingCode>> {
    const { publicKey, atUs, signature } = request;
    if (!isSigned(publicKey, farmStatement(publicKey, atUs), signature)) return notSigned();
    const age = this.#parts.nowUs() - BigInt(atUs);
    if (age > QUESTION_AGE_US_MAX || -age > QUESTION_AGE_US_MAX)
      return refuse(
        'question-stale',
        "This machine's clock differs from the studio's by more than 5 minutes: set it.",
      );
    const bound = await boundNode(this.#tables, publicKey);
    if (!bound)
      return refuse(
        'node-not-paired',
        'This machine has no owner yet: "jamnet node pair CODE" gives it one.',
      );
    return ok(await this.farmOfOwner({ ownerGroup: bound.owner_group, payee: bound.payee }));
  }

  /** Whether a machine, by its id in the mesh, is bound to this owner. */
  async isOwn(owner: Owner, node: string): Promise<boolean> {
    return (await this.#keysOf(owner)).some((key) => nodeIdOf(platformSha256, key) === node);
  }

  /**
   * Lets go of all that is bound to an owner who is erased: no code of theirs pairs any more, no machine enters under their name, which
   * stays taken. Answers the machines, by their ids in the mesh.
   */
  async release(owner: Owner): Promise<readonly string[]> {
    const keys = await this.#keysOf(owner);
    await this.#tables.transaction().execute(async (tables) => {
      const { ownerGroup, payee } = owner;
      for (const table of ['mesh_pair_node', 'mesh_pair_code'] as const)
        await tables
          .deleteFrom(table)
          .where('owner_group', '=', ownerGroup)
          .where('payee', '=', payee)
          .execute();
      // By a hash that no code has.
      const code_sha256 = `gone:${ownerGroup}`;
      const row = { code_sha256, owner_group: ownerGroup, payee, nodes_left: 0n, expires_at_us: OWNER_GONE };
      await tables
        .insertInto('mesh_pair_code')
        .values(row)
        .onConflict((conflict) => conflict.column('code_sha256').doNothing())
        .execute();
    });
    return keys.map((key) => nodeIdOf(platformSha256, key));
  }

  /** All machines of an owner who is known already. */
  async farmOfOwner(owner: { ownerGroup: string; payee: string }): Promise<Farm> {
    return this.#parts.farmOf(owner, await this.#keysOf(owner));
  }

  async #keysOf({ ownerGroup, payee }: Owner): Promise<string[]> {
    const rows = await this.#tables
      .selectFrom('mesh_pair_node')
      .select('public_key')
      .where('owner_group', '=', ownerGroup)
      .where('payee', '=', payee)
      .orderBy('public_key')
      .execute();
    return rows.map((row) => row.public_key);
  }
}

interface PairQuestion {
  readonly codeSha256: string;
  readonly publicKey: string;
  /** The coordinator's row of the key, if it has one. */
  readonly known: Owner | null;
  readonly nowUs: bigint;
}

/** Whose the key becomes by this code, or is already. */
async function offerOf(
  tables: Kysely<PairingTables>,
  { codeSha256, publicKey, known, nowUs }: PairQuestion,
): Promise<Result<{ owner: Owner; isBound: boolean }, PairingCode>> {
  const row = await tables
    .selectFrom('mesh_pair_code')
    .selectAll()
    .where('code_sha256', '=', codeSha256)
    .executeTakeFirst();
  if (!row || row.expires_at_us <= nowUs)
    return refuse('code-unknown', 'There is no such code, or its time is over: ask for a new one.');
  const owner = { ownerGroup: row.owner_group, payee: row.payee };
  const bound = await boundNode(tables, publicKey);
  const other = bound ? { ownerGroup: bound.owner_group, payee: bound.payee } : known;
  if (other && (other.ownerGroup !== owner.ownerGroup || other.payee !== owner.payee))
    return refuse(
      'node-belongs-elsewhere',
      `This key works for owner "${other.ownerGroup}", and trust does not change hands: begin with a new --directory.`,
    );
  if (!bound && row.nodes_left === 0n) return codeUsedUp();
  return ok({ owner, isBound: bound !== undefined });
}

async function bind(tables: Kysely<PairingTables>, asked: PairQuestion): Promise<Result<Owner, PairingCode>> {
  const offer = await offerOf(tables, asked);
  if (!offer.ok) return offer;
  const { owner, isBound } = offer.value;
  if (isBound) return ok(owner);
  const taken = await tables
    .updateTable('mesh_pair_code')
    .set(({ eb }) => ({ nodes_left: eb('nodes_left', '-', 1n) }))
    .where('code_sha256', '=', asked.codeSha256)
    .where('nodes_left', '>', 0n)
    .executeTakeFirst();
  if (taken.numUpdatedRows === 0n) return codeUsedUp();
  await tables
    .insertInto('mesh_pair_node')
    .values({
      public_key: asked.publicKey,
      owner_group: owner.ownerGroup,
      payee: owner.payee,
      paired_at_us: asked.nowUs,
    })
    .execute();
  return ok(owner);
}

function codeUsedUp(): Result<never, 'code-used-up'> {
  return refuse('code-used-up', 'As many machines as it was made for have used this code.');
}

function boundNode(tables: Kysely<PairingTables>, publicKey: string): Promise<PairNodeRow | undefined> {
  return tables
    .selectFrom('mesh_pair_node')
    .selectAll()
    .where('public_key', '=', publicKey)
    .executeTakeFirst();
}

function isSigned(publicKey: string, statement: Uint8Array, signature: string): boolean {
  const [key, signed] = [fromHex(publicKey), fromHex(signature)];
  return key?.length === 32 && signed?.length === 64 && platformVerifySignature(key, statement, signed);
}

function notSigned(): Result<never, 'signature-invalid'> {
  return refuse('signature-invalid', 'This is not signed by the key it names.');
}
