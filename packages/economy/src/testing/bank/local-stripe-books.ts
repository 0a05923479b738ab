/** A refusal; `executed` when the endpoint had begun, so that the idempotency key remembers it. */
export class StripeFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly executed: boolean;

  constructor(status: number, code: string, message: string, executed = true) {
    super(message);
    this.status = status;
    this.code = code;
    this.executed = executed;
  }
}

interface Transfer {
  readonly id: string;
  readonly object: 'transfer';
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly created: number;
  readonly transfer_group: string | null;
  readonly metadata: Record<string, string>;
  amount_reversed: number;
  reversed: boolean;
}

interface Payout {
  readonly id: string;
  readonly object: 'payout';
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly metadata: Record<string, string>;
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  failure_code: string | null;
}

interface Account {
  balance: number;
  payouts_enabled: boolean;
  transfers: 'active' | 'pending' | 'inactive';
  disabled_reason: string | null;
  currently_due: string[];
  interval: 'manual' | 'daily';
}

/** Accounts, transfers and payouts of the local server, by the rules that Stripe's API reference gives for them. */
export class LocalStripeBooks {
  /** The server's clock, seconds. */
  nowS = 1_795_348_800;
  balance = 1_000_000_00;
  readonly accounts = new Map<string, Account>();
  readonly transfers: Transfer[] = [];
  readonly payouts: Payout[] = [];
  /** Everything that would be sent to our webhook, oldest first. */
  readonly events: unknown[] = [];
  #made = 0;

  addAccount(id: string, fields: Partial<Account> = {}): void {
    this.accounts.set(id, {
      balance: 0,
      payouts_enabled: true,
      transfers: 'active',
      disabled_reason: null,
      currently_due: [],
      interval: 'manual',
      ...fields,
    });
  }

  /** The bank's word on a payout; a failure puts the money back into the payee's balance. */
  decide(payout: Payout, status: 'paid' | 'failed', code = 'account_closed'): void {
    if (payout.status === status || payout.status === 'failed') return;
    payout.status = status;
    if (status === 'failed') {
      payout.failure_code = code;
      this.#account(payout.account).balance += payout.amount;
    }
    this.#tell(`payout.${status}`, payout, payout.account);
  }

  call(method: string, url: URL, account: string, form: URLSearchParams): unknown {
    const [, , resource = '', id = '', part = ''] = url.pathname.split('/');
    const what = `${method} ${resource}${id ? '/…' : ''}${part ? `/${part}` : ''}`;
    switch (what) {
      case 'GET balance':
        return { object: 'balance', available: [{ amount: this.balance, currency: 'usd' }], pending: [] };
      case 'GET accounts/…':
        return this.#accountView(id);
      case 'GET transfers':
        return page(
          this.transfers.filter((one) => one.transfer_group === url.searchParams.get('transfer_group')),
          url,
        );
      case 'POST transfers':
        return this.#transfer(form);
      case 'POST transfers/…/reversals':
        return this.#reverse(id);
      case 'GET payouts': {
        const since = Number(url.searchParams.get('created[gte]') ?? 0);
        const own = this.payouts.filter((one) => one.account === account && one.created >= since);
        return page(own, url);
      }
      case 'POST payouts':
        return this.#payout(account, form);
      default:
        throw new StripeFault(404, 'resource_missing', `Unrecognized request URL (${what})`, false);
    }
  }

  #transfer(form: URLSearchParams): Transfer {
    const [amount, currency] = amountIn(form);
    const destination = this.#account(form.get('destination') ?? '');
    if (destination.transfers !== 'active')
      throw new StripeFault(400, 'insufficient_capabilities_for_transfer', 'The destination cannot take it');
    if (amount > this.balance) throw new StripeFault(400, 'balance_insufficient', 'Insufficient funds');
    this.balance -= amount;
    destination.balance += amount;
    const transfer: Transfer = {
      id: this.#id('tr'),
      object: 'transfer',
      amount,
      currency,
      destination: form.get('destination') ?? '',
      created: this.nowS,
      transfer_group: form.get('transfer_group'),
      metadata: metadataIn(form),
      amount_reversed: 0,
      reversed: false,
    };
    this.transfers.unshift(transfer);
    this.#tell('transfer.created', transfer);
    return transfer;
  }

  #reverse(id: string): unknown {
    const transfer = this.transfers.find((one) => one.id === id);
    if (!transfer) throw new StripeFault(404, 'resource_missing', `No such transfer: '${id}'`);
    if (transfer.reversed)
      throw new StripeFault(400, 'transfer_already_reversed', 'The transfer is already fully reversed');
    const account = this.#account(transfer.destination);
    if (account.balance < transfer.amount)
      throw new StripeFault(400, 'balance_insufficient', 'The connected account has too little');
    account.balance -= transfer.amount;
    this.balance += transfer.amount;
    transfer.amount_reversed = transfer.amount;
    transfer.reversed = true;
    this.#tell('transfer.reversed', transfer);
    return { id: this.#id('trr'), object: 'transfer_reversal', amount: transfer.amount, transfer: id };
  }

  #payout(accountId: string, form: URLSearchParams): Payout {
    const [amount, currency] = amountIn(form);
    const account = this.#account(accountId);
    if (!account.payouts_enabled) throw new StripeFault(400, 'payouts_not_allowed', 'Payouts are disabled');
    if (amount > account.balance) throw new StripeFault(400, 'balance_insufficient', 'Insufficient funds');
    account.balance -= amount;
    const payout: Payout = {
      id: this.#id('po'),
      object: 'payout',
      account: accountId,
      amount,
      currency,
      created: this.nowS,
      metadata: metadataIn(form),
      status: 'pending',
      failure_code: null,
    };
    this.payouts.unshift(payout);
    this.#tell('payout.created', payout, accountId);
    return payout;
  }

  #account(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new StripeFault(400, 'account_invalid', `No such account: '${id}'`);
    return account;
  }

  #accountView(id: string): unknown {
    const { payouts_enabled, transfers, disabled_reason, currently_due, interval } = this.#account(id);
    return {
      id,
      object: 'account',
      payouts_enabled,
      default_currency: 'usd',
      capabilities: { transfers },
      requirements: { disabled_reason, currently_due, past_due: [], pending_verification: [] },
      settings: { payouts: { schedule: { interval } } },
    };
  }

  #tell(type: string, object: unknown, account?: string): void {
    this.events.push({
      id: this.#id('evt'),
      object: 'event',
      type,
      created: this.nowS,
      data: { object: structuredClone(object) },
      ...(account === undefined ? {} : { account }),
    });
  }

  #id(prefix: string): string {
    this.#made++;
    return `${prefix}_${String(this.#made).padStart(8, '0')}`;
  }
}

/** Checked before the endpoint begins, so no key remembers it. */
function amountIn(form: URLSearchParams): [number, string] {
  const amount = Number(form.get('amount'));
  if (!Number.isInteger(amount) || amount < 1)
    throw new StripeFault(400, 'parameter_invalid_integer', 'Invalid integer: amount', false);
  const currency = form.get('currency') ?? '';
  if (currency !== 'usd') throw new StripeFault(400, 'currency_not_supported', 'Only usd here', false);
  return [amount, currency];
}

function metadataIn(form: URLSearchParams): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of form) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
  }
  return metadata;
}

/** Newest first, after `starting_after`, `limit` at a time. */
function page(all: readonly { id: string }[], url: URL): unknown {
  const after = url.searchParams.get('starting_after');
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const limit = Number(url.searchParams.get('limit') ?? 10);
  const data = all.slice(start, start + limit);
  return { object: 'list', url: url.pathname, has_more: start + limit < all.length, data };
}
