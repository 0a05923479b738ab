import type { TestProject } from 'vitest/node';
import { makePostgres } from './own-postgres.ts';

/** Nothing is to outlive this server's machine, so that nothing waits for its disk. Commands and locks stay as they are. */
const UNSYNCED = ['fsync', 'synchronous_commit', 'full_page_writes'].map((name) => `${name}=off`);

/** Starts one PostgreSQL server for the whole test run; stops it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await makePostgres(['max_connections=200', ...UNSYNCED]);
  await server.start();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop('SIGINT');
    server.remove();
  };
}
