import { ok, type Result, refuse } from '@jamnet/base';

export type NachaReadCode = 'nacha-unknown' | 'nacha-malformed';

/** A credit that came back: addenda type 99. */
export interface NachaReturn {
  /** What the entry named: the first digits of the payout id, lower case. */
  readonly id: string;
  /** `R01` to `R99`. */
  readonly code: string;
  readonly meaning: string;
  readonly cents: bigint;
  /** Trace number of the entry that came back. */
  readonly originalTrace: string;
}

/** A notification of change: addenda type 98. The payment went through, the next one must use other details. */
export interface NachaChange {
  readonly id: string;
  /** `C01` to `C14`. */
  readonly code: string;
  readonly meaning: string;
  readonly originalTrace: string;
}

export interface NachaAnswer {
  readonly returns: readonly NachaReturn[];
  readonly changes: readonly NachaChange[];
}

/** Characters of a record, lines read at most: Nacha Operating Rules, Appendix Three; the largest file the bank could answer with. */
const RECORD = 94;
const RECORDS_MAX = 2_000_000;

/** Nacha Operating Rules, Appendix Four, part 4.2: what can come back for a credit. */
const RETURNS: Readonly<Record<string, string>> = {
  R02: 'the account is closed',
  R03: 'there is no such account',
  R04: 'the account number is malformed',
  R06: 'it was asked back by the sending bank',
  R12: 'the branch was sold to another bank',
  R13: 'the routing number is not valid',
  R14: 'the representative payee has died',
  R15: 'the account holder has died',
  R16: 'the account is frozen',
  R17: 'the bank could not process the entry',
  R20: 'the account takes no transfers',
  R21: 'the company identification is not valid',
  R22: 'the individual identification is not valid',
  R23: 'the receiver refused the credit',
  R24: 'the bank takes it for a doubled entry',
  R28: 'the routing number has a wrong check digit',
  R34: 'the bank takes no part in ACH',
};
/** The same, part 4.3. */
const CHANGES: Readonly<Record<string, string>> = {
  C01: 'the account number is another',
  C02: 'the routing number is another',
  C03: 'routing and account number are others',
  C04: 'the name is another',
  C05: 'the account type is another',
  C06: 'account number and type are others',
  C07: 'routing number, account number and type are others',
  C09: 'the individual identification is another',
};

/** Reads what an ACH operator sends back: returns and notifications of change, in lines or in one piece. */
export function readNachaAnswer(text: string): Result<NachaAnswer, NachaReadCode> {
  const records = recordsOf(text);
  if (!records?.[0]?.startsWith('1'))
    return refuse(
      'nacha-unknown',
      'The file is no NACHA file: records of 94 characters, the first a header.',
    );
  if (records.length > RECORDS_MAX)
    return refuse('nacha-malformed', `The file has more than ${RECORDS_MAX} records.`);
  const returns: NachaReturn[] = [];
  const changes: NachaChange[] = [];
  let entry: string | null = null;
  let [counted, told] = [0, -1];
  for (const record of records) {
    const type = record[0];
    if (type === '6' || type === '7') counted++;
    if (type === '6') entry = record;
    if (type === '9' && told < 0) told = Number(record.slice(13, 21));
    if (type !== '7' || !/^7(98|99)/.test(record)) continue;
    if (entry === null) return refuse('nacha-malformed', 'An addenda record has no entry before it.');
    const code = record.slice(3, 6);
    const originalTrace = record.slice(6, 21);
    const id = entry.slice(39, 54).trim().toLowerCase();
    const cents = /^\d{10}$/.test(entry.slice(29, 39)) ? BigInt(entry.slice(29, 39)) : null;
    if (cents === null || id === '' || !/^[RC]\d\d$/.test(code))
      return refuse(
        'nacha-malformed',
        'A returned entry has no amount, no identification or no reason code.',
      );
    if (record.startsWith('798'))
      changes.push({ id, code, meaning: CHANGES[code] ?? 'the details are others', originalTrace });
    else returns.push({ id, code, meaning: RETURNS[code] ?? 'it came back', cents, originalTrace });
  }
  if (told !== counted)
    return refuse(
      'nacha-malformed',
      `The file control counts ${told} entries and addenda, there are ${counted}.`,
    );
  return ok({ returns, changes });
}

/** Records of 94 characters; trailing blanks that a mail program took off are put back. `null` when lines are longer. */
function recordsOf(text: string): string[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [only = ''] = lines;
  if (lines.length === 1 && only.length > RECORD && only.length % RECORD === 0)
    return Array.from({ length: only.length / RECORD }, (_, n) => only.slice(n * RECORD, (n + 1) * RECORD));
  return lines.some((line) => line.length > RECORD) ? null : lines.map((line) => line.padEnd(RECORD));
}
