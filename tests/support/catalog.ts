/** PostgreSQL's catalog in the form of the recorded schemas (../shared/cases/README.md). */
import type { Connection } from '../../src/dialect/dialect.ts'

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS "default"
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'limbeck_journal'
    AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname COLLATE "C", a.attnum`

const CONSTRAINTS = `
  SELECT c.relname AS "table", k.conname AS name, k.contype AS kind, pg_get_constraintdef(k.oid) AS definition
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND k.contype <> 'n' AND c.relname <> 'limbeck_journal'
  ORDER BY c.relname COLLATE "C", k.conname COLLATE "C"`

const INDEXES = `
  SELECT tablename AS "table", indexname AS name, indexdef AS definition
  FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'limbeck_journal'
  ORDER BY tablename COLLATE "C", indexname COLLATE "C"`

const ENUMS = `
  SELECT t.typname AS name, json_agg(e.enumlabel ORDER BY e.enumsortorder) AS values
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname ORDER BY t.typname COLLATE "C"`

/** Columns, constraints, indexes and enums of the schema "public". */
export async function postgresCatalog(connection: Connection) {
  const rows = async (sql: string) => (await connection.query(sql)).map((row) => ({ ...row }))
  return {
    columns: await rows(COLUMNS),
    constraints: await rows(CONSTRAINTS),
    indexes: await rows(INDEXES),
    enums: (await rows(ENUMS)).map((row) => ({ name: row.name, values: json(row.values) })),
  }
}

function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}
