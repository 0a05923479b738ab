/** What a statement of a migration does to a table. */
export type StatementKind =
  | 'create-table'
  | 'add-column'
  | 'create-index'
  | 'insert'
  | 'update'
  | 'delete'
  | 'drop'
  | 'rename'
  | 'trigger'
  | 'other';

export interface StatementShape {
  readonly kind: StatementKind;
  /** Empty for `trigger` and `other`. */
  readonly table: string;
  /** The table whose rows are read or written; null where no row is. */
  readonly rowsOf: string | null;
}

const NAME = '"?(\\w+)"?';

/** In the order of trying; the group is the table. */
const SHAPES: readonly (readonly [StatementKind, RegExp])[] = [
  ['create-table', new RegExp(`^create table (?:if not exists )?${NAME}`, 'i')],
  ['create-index', new RegExp(`^create (?:unique )?index (?:if not exists )?"?\\w+"? on ${NAME}`, 'i')],
  ['add-column', new RegExp(`^alter table ${NAME} add column`, 'i')],
  ['rename', new RegExp(`^alter table ${NAME} rename`, 'i')],
  ['drop', new RegExp(`^alter table ${NAME} drop`, 'i')],
  ['drop', new RegExp(`^drop table (?:if exists )?${NAME}`, 'i')],
  ['insert', new RegExp(`^insert into ${NAME}`, 'i')],
  ['update', new RegExp(`^update ${NAME}`, 'i')],
  ['delete', new RegExp(`^delete from ${NAME}`, 'i')],
  ['trigger', /^create (?:or replace )?(?:trigger|function)()/i],
];

const ROWLESS: ReadonlySet<StatementKind> = new Set(['create-table', 'add-column', 'rename', 'trigger']);

/** Knows the statements that migrations here are made of; another is `other`, whose worst must be assumed. */
export function shapeOf(statement: string): StatementShape {
  const text = statement.trim().replace(/\s+/g, ' ');
  for (const [kind, pattern] of SHAPES) {
    const table = pattern.exec(text)?.[1];
    if (table === undefined) continue;
    const source = kind === 'insert' ? (/ from "?(\w+)/i.exec(text)?.[1] ?? null) : table;
    return { kind, table, rowsOf: ROWLESS.has(kind) ? null : source };
  }
  return { kind: 'other', table: '', rowsOf: null };
}
