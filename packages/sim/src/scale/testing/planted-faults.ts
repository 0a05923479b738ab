import { ok } from '@jamnet/base';
import type { Economy, Payouts, Rail } from '@jamnet/economy';
import type { Answer, Ledger, Request } from '@jamnet/ledger';
import type { Coordinator, MeshStore, MeshTables } from '@jamnet/mesh';
import type { FileBug } from '../../ledger/crashing-files.ts';
import type { OverStatement } from '../failing-database.ts';
import type { Between } from '../studio-process.ts';

/** A fault put between real parts, and the checkers of which one must find it; `errors`: a part refuses what no fault explains. */
export interface PlantedFault {
  readonly name: string;
  readonly foundBy: readonly string[];
  /** Anew for each run: some count. */
  readonly between?: () => Between;
  readonly fileBug?: FileBug;
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a payment posted twice under two keys',
    foundBy: ['money'],
    between: () => ({
      ledger: afterPosting('receipt', (entry) => ({ ...entry, key: `${entry.key}:again` })),
    }),
  },
  {
    name: 'a room’s playing time acknowledged and dropped',
    foundBy: ['contributions', 'errors'],
    between: () => ({
      economy: (real) => instead(real, 'addContributions', dropEvery(7, real.addContributions)),
    }),
  },
  {
    name: 'a redemption whose key is left out',
    foundBy: ['redemptions'],
    between: () => {
      let asked = 0;
      const economy = (real: Economy): Economy =>
        instead(real, 'requestRedemption', (nowUs, request) =>
          real.requestRedemption(nowUs, { ...request, key: `${request.key}:${asked++}` }),
        );
      return { economy };
    },
  },
  {
    name: 'a batch handed to the bank again without asking',
    foundBy: ['payouts'],
    between: () => ({
      rail: (real: Rail) =>
        instead(real, 'submit', async (batch) => {
          await real.submit(batch);
          return real.submit(batch);
        }),
    }),
  },
  {
    name: 'a payment rounded up',
    foundBy: ['epochs'],
    between: () => ({ statement: raised(/^insert into "economy_payment"/, 2) }),
  },
  {
    name: 'a redemption rounded up',
    foundBy: ['redemptions'],
    between: () => ({ statement: raised(/^insert into "economy_fill"/, 4) }),
  },
  {
    name: 'units set aside and given back before their redemption is settled',
    foundBy: ['redemptions', 'errors'],
    between: () => ({
      ledger: afterPosting('redemption-hold', (entry) => ({
        ...entry,
        key: `${entry.key}:back`,
        legs: entry.legs.map(({ account, amount }) => ({ account, amount: -amount })),
      })),
    }),
  },
  {
    name: 'a commit acknowledged before it is kept',
    foundBy: ['tasks', 'work', 'contributions', 'ledger', 'errors', 'money', 'receipts', 'log', 'payouts'],
    between: () => {
      let commits = 0;
      const statement: OverStatement = (sql, _, real, exec) => {
        if (sql !== 'commit' || ++commits % 97 !== 0) return real();
        exec('ROLLBACK');
        return { changes: 0, lastInsertRowid: 0 };
      };
      return { statement };
    },
  },
  {
    name: 'a balance that is not written',
    foundBy: ['ledger'],
    between: () => {
      let updates = 0;
      const statement: OverStatement = (sql, _, real) =>
        sql.startsWith('UPDATE ledger_account') && ++updates === 30
          ? { changes: 1, lastInsertRowid: 0 }
          : real();
      return { statement };
    },
  },
  {
    name: 'a leaf with one bit turned',
    foundBy: ['ledger', 'log', 'errors'],
    between: () => {
      let leaves = 0;
      const statement: OverStatement = (sql, values, real) => {
        const leaf = sql.startsWith('INSERT INTO ledger_leaf') && ++leaves === 12 ? values[2] : null;
        if (leaf instanceof Uint8Array) leaf[leaf.length - 1] = (leaf[leaf.length - 1] ?? 0) ^ 1;
        return real();
      };
      return { statement };
    },
  },
  {
    name: 'a trusted host that nods at everything',
    foundBy: ['false work'],
    between: () => ({ coordinator: nodding }),
  },
  {
    name: 'a task acknowledged and forgotten',
    foundBy: ['tasks'],
    between: () => ({
      store: overTables((tables) => ({
        insertTasks: async (rows) => (await tables.insertTasks(rows.slice(0, -1))) + 1,
      })),
    }),
  },
  {
    name: 'work that is written down twice',
    foundBy: ['work', 'errors'],
    between: () => ({
      store: overTables((tables) => ({
        insertWork: (rows) => tables.insertWork(rows.flatMap((row) => [row, { ...row, id: `${row.id}2` }])),
      })),
    }),
  },
  {
    name: 'pay that is not taken back after a proven fake',
    foundBy: ['work', 'false work', 'errors'],
    between: () => ({
      store: overTables((tables) => ({
        saveWork: (rows) => tables.saveWork(rows.filter(({ state }) => state !== 'forfeited')),
      })),
    }),
  },
  {
    name: 'a payout that came back and counts as paid',
    foundBy: ['payouts'],
    between: () => ({
      payouts: (real: Payouts) =>
        instead(real, 'report', (nowUs, reports) =>
          real.report(
            nowUs,
            reports.map((report) =>
              report.outcome === 'returned' ? { ...report, outcome: 'settled' as const } : report,
            ),
          ),
        ),
    }),
  },
  {
    name: 'a refund that is acknowledged and dropped',
    foundBy: ['receipts'],
    between: () => ({
      economy: (real) =>
        instead(real, 'addReceipts', (nowUs, receipts) =>
          receipts.some(({ refundOf }) => refundOf !== null)
            ? Promise.resolve(ok({ added: receipts.length, repeated: 0 }))
            : real.addReceipts(nowUs, receipts),
        ),
    }),
  },
  {
    name: 'a checkpoint published before its tiles',
    foundBy: ['log', 'errors'],
    fileBug: 'checkpoint-first',
  },
];

/** The same part with one of its calls replaced. */
function instead<Part extends object, Name extends keyof Part>(
  real: Part,
  name: Name,
  call: Part[Name],
): Part {
  return new Proxy(real, {
    get: (target, asked) => {
      if (asked === name) return call;
      const member: unknown = Reflect.get(target, asked, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function dropEvery(nth: number, real: Economy['addContributions']): Economy['addContributions'] {
  let calls = 0;
  return (nowUs, contributions) =>
    contributions.some(({ kind }) => kind === 'music') && ++calls % nth === 0
      ? Promise.resolve(ok({ added: contributions.length, repeated: 0 }))
      : real(nowUs, contributions);
}

type Entry = Extract<Request, { legs: unknown }>;

/** Posts one more entry for each of a kind that was accepted for the first time. */
function afterPosting(kind: string, more: (entry: Entry) => Entry): (real: Ledger) => Ledger {
  return (real) =>
    instead(real, 'post', async (nowUs, batch): Promise<readonly Answer[]> => {
      const answers = await real.post(nowUs, batch);
      const added = batch.filter((request, index): request is Entry => {
        const answer = answers[index];
        return 'legs' in request && request.kind === kind && answer?.ok === true && !answer.repeated;
      });
      if (added.length > 0) await real.post(nowUs, added.map(more));
      return answers;
    });
}

/** The first row of each such statement gets one more of what stands at a place. */
function raised(pattern: RegExp, place: number): OverStatement {
  return (sql, values, real) => {
    const value = pattern.test(sql) ? values[place] : null;
    if (typeof value === 'bigint' && value > 0n) values[place] = value + 1n;
    return real();
  };
}

function overTables(change: (tables: MeshTables) => Partial<MeshTables>): (real: MeshStore) => MeshStore {
  return (real) =>
    instead(real, 'transaction', (work) =>
      real.transaction((tables) => work({ ...tables, ...change(tables) })),
    );
}

/** Whatever differs is reported as equal. */
function nodding(real: Coordinator): Coordinator {
  const apply: Coordinator['apply'] = (nowUs, request) => {
    if (request.type !== 'checked' || !request.outcome.ran) return real.apply(nowUs, request);
    const agreements = request.outcome.agreements.map(({ chunk }) => ({
      chunk,
      equal: true,
      milliDecibel: 400_000,
    }));
    return real.apply(nowUs, { ...request, outcome: { ran: true, agreements } });
  };
  return instead(real, 'apply', apply);
}
