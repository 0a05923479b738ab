import { ok, oneAfterAnother, type Result, refuse } from '@jamnet/base';
import { type Database, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { isReadable } from './core/decide.ts';
import type { GovernanceTables } from './governance-tables.ts';

export const PARTNERS_MAX = 100;
export const PARTNER_NAME_MAX = 80;
export const PARTNER_WHAT_MAX = 300;
export const PARTNER_URL_MAX = 200;

/** Who works with this network, as its operator says. */
export interface Partner {
  readonly id: string;
  readonly name: string;
  /** What they do for it. */
  readonly what: string;
  /** `https:`. */
  readonly url: string;
  readonly sinceUs: string;
}

export type PartnerCode = 'partner-malformed' | 'partner-exists' | 'too-many-partners' | 'partner-unknown';

export interface PartnerParts {
  readonly database: Database;
  readonly nowUs: () => bigint;
  /** 16 hex digits of chance. */
  readonly newId: () => string;
}

/** Partners that the operator has entered, and nobody else; its tables are the proposals' and are there once those are open. */
export class PartnerList {
  readonly #parts: PartnerParts;
  readonly #tables: Kysely<GovernanceTables>;
  readonly #inTurn = oneAfterAnother();

  constructor(parts: PartnerParts) {
    this.#parts = parts;
    this.#tables = tablesOf<GovernanceTables>(parts.database);
  }

  /** By name. */
  async list(): Promise<readonly Partner[]> {
    const rows = await this.#tables.selectFrom('governance_partner').selectAll().orderBy('name').execute();
    return rows.map(({ id, name, what, url, since_us }) => ({ id, name, what, url, sinceUs: `${since_us}` }));
  }

  add(partner: Pick<Partner, 'name' | 'what' | 'url'>): Promise<Result<readonly Partner[], PartnerCode>> {
    return this.#inTurn(() => this.#add(partner));
  }

  async #add({
    name,
    what,
    url,
  }: Pick<Partner, 'name' | 'what' | 'url'>): Promise<Result<readonly Partner[], PartnerCode>> {
    const isLine = (text: string, max: number): boolean => isReadable(text, max) && !text.includes('\n');
    if (!isLine(name, PARTNER_NAME_MAX) || !isLine(what, PARTNER_WHAT_MAX))
      return refuse(
        'partner-malformed',
        `Name the partner in 1 to ${PARTNER_NAME_MAX} characters and what it does in 1 to ${PARTNER_WHAT_MAX}.`,
      );
    const address = addressOf(url);
    if (address === null)
      return refuse(
        'partner-malformed',
        `Give the partner’s own page, https://… of at most ${PARTNER_URL_MAX} characters.`,
      );
    const known = await this.list();
    if (known.some((each) => each.name === name.trim()))
      return refuse(
        'partner-exists',
        `${name.trim()} is a partner already: remove the entry first to change it.`,
      );
    if (known.length >= PARTNERS_MAX)
      return refuse('too-many-partners', `${PARTNERS_MAX} partners are all that the page shows.`);
    const { newId, nowUs } = this.#parts;
    await this.#tables
      .insertInto('governance_partner')
      .values({ id: newId(), name: name.trim(), what: what.trim(), url: address, since_us: nowUs() })
      .execute();
    return ok(await this.list());
  }

  async remove(id: string): Promise<Result<readonly Partner[], PartnerCode>> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('governance_partner')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 0n
      ? refuse('partner-unknown', 'There is no such partner: look at the list.')
      : ok(await this.list());
  }
}

/** A page of the web as it may stand in a link: nothing that a click would run, and nobody's password. */
function addressOf(url: string): string | null {
  if (url.length > PARTNER_URL_MAX || !URL.canParse(url)) return null;
  const { protocol, username, password, href } = new URL(url);
  return protocol === 'https:' && username === '' && password === '' ? href : null;
}
