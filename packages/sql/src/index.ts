export { type Database, type PostgresHandle, type SqliteHandle, tablesOf } from './database.ts';
export { type MigrationStep, migrate } from './migrate.ts';
export { openDatabase } from './open-database.ts';
export { openPostgres } from './postgres.ts';
export { openSqlite } from './sqlite.ts';
