export { type Database, type PostgresHandle, type SqliteHandle, tablesOf } from './database.ts';
export { GroupCommit } from './group-commit.ts';
export { type MigrationStep, migrate } from './migrate.ts';
export { openDatabase } from './open-database.ts';
export { openPostgres } from './postgres.ts';
export { ReadyQuery } from './ready-query.ts';
export { type BatchTable, type ColumnType, RowBatch } from './row-batch.ts';
export { openSqlite } from './sqlite.ts';
