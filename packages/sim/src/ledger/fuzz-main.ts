import { openPostgres, openSqlite } from '@jamnet/sql';
import { fuzzLedger } from './fuzz-ledger.ts';

/**
 * `node fuzz-main.ts [how many] [seed] [postgres://…]`: random requests against the naive model, on SQLite in memory or on a
 * PostgreSQL server that may create databases. Prints one JSON object, or throws at the first difference.
 */
const [count = '100000', seed = 'fuzz', url] = process.argv.slice(2);

async function freshSqlite() {
  const database = openSqlite({ file: ':memory:' });
  return { database, close: () => database.close() };
}

let serial = 0;
async function freshPostgres(server: string) {
  const name = `fuzz_${process.pid}_${serial++}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const database = openPostgres({ url: address.href });
  const close = async (): Promise<void> => {
    await database.close();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { database, close };
}

async function onServer(server: string, statement: string): Promise<void> {
  const database = openPostgres({ url: server, connectionsMax: 1 });
  if (database.engine === 'postgres') await database.pool.query(statement);
  await database.close();
}

const openFresh = url === undefined ? freshSqlite : () => freshPostgres(url);
const startMs = performance.now();
const report = await fuzzLedger({ seed, requests: Number(count), openFresh });
const seconds = Math.round(performance.now() - startMs) / 1_000;
console.log(JSON.stringify({ ...report, leaves: String(report.leaves), seconds }));
