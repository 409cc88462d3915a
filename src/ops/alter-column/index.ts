import type { Column, Model } from '../../model/model.ts'
import { column as columnOf, tableOf } from '../../model/edit.ts'
import { neverNull } from '../parts/rewrites.ts'
import { conversion } from '../parts/conversion.ts'
import type { Conversion } from '../parts/conversion.ts'
import { fromDefault } from '../parts/column.ts'
import { shownType, typeName } from '../parts/type.ts'
import type { Definition, Effect } from '../definition.ts'
import { renamedColumn, renameEffects } from '../rename-column.ts'
import { apply } from './apply.ts'
import { invert } from './invert.ts'
import { postgres } from './postgres.ts'
import { shape } from './shape.ts'
import type { AlterColumn } from './shape.ts'
import { sqlite } from './sqlite.ts'

export type { AlterColumn } from './shape.ts'

/**
 * Changes a column. A field that is absent leaves its part unchanged; `default: null` drops the default, as Alembic's
 * `server_default=None` does, and null drops `comment`, `identity`, `generated` and `collation` alike.
 *
 * ```yaml
 * - alter_column: { table: jobs, column: status, type: varchar(9), nullable: false, default: new }
 * ```
 * PostgreSQL: `ALTER TABLE jobs ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE VARCHAR(9), ALTER COLUMN status
 * SET NOT NULL, ALTER COLUMN status SET DEFAULT 'new'`: one statement, so that the table is rewritten and read once, in
 * Alembic's order (type, NOT NULL, default); then the comment, then the name. A default is dropped before the type changes
 * and set after it, since PostgreSQL would have to cast it (manual of ALTER TABLE, Notes). Where it does not cast values
 * by itself USING is written, `status::text::jobstatus`; `using` says something else.
 *
 * SQLite renames in place and rebuilds the table for everything else. Values are kept as they are, unless `using`.
 *
 * `type: serial` gives an integer column a sequence that goes on after its highest value, and so does a new identity
 * without `start`. A serial column with `default: null` loses its sequence.
 */
export const alterColumn: Definition<AlterColumn> = {
  kind: 'alter_column',
  summary: "Change a column's type, nullability, default, comment, identity, expression or name.",
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'jobs',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'status', type: { enum: ['new', 'done'], name: 'jobstatus' }, default: 'new' },
      ],
    }],
    operation: { op: 'alter_column', table: 'jobs', column: 'status', type: 'varchar(9)', nullable: false },
  },
  apply,
  invert,
  compile: { postgres, sqlite },
  effects,
  renames: ({ new_name, ...op }) => new_name === undefined ? [] : [renamedColumn({ ...op, new_name })],
  describe,
}

function effects(op: AlterColumn, before: Model): Effect[] {
  const after = apply(op, before)
  const table = tableOf(before, op)
  const old = columnOf(table, op.column)
  const now = columnOf(tableOf(after, op), op.new_name ?? op.column)
  const at = `"${op.table}"."${op.column}"`
  const effect = (kind: Effect['kind'], why: string): Effect => ({
    kind,
    object: op.table,
    column: op.column,
    why,
  })
  const found = typeEffects(op, conversion(old.type, now.type, after), [old, now], effect)
  if (old.nullable && !now.nullable && !neverNull(table, op.column)) {
    found.push(effect('refuses-rows', `it fails if a row has NULL in ${at}`))
  }
  if (!old.nullable && now.nullable) {
    found.push(effect('breaks-readers', `what reads ${at} may meet NULL`))
  }
  if (op.new_name !== undefined && op.new_name !== op.column) {
    found.push(...renameEffects({ ...op, new_name: op.new_name }, before))
  }
  return found
}

/** With `using` nobody knows what becomes of the values. */
function typeEffects(
  op: AlterColumn,
  { refuses, loses, differs }: Conversion,
  [old, now]: readonly [Column, Column],
  effect: (kind: Effect['kind'], why: string) => Effect,
): Effect[] {
  const at = `"${op.table}"."${op.column}"`
  const to = typeName(now.type)
  const found: Effect[] = []
  if (op.using !== undefined) {
    found.push(effect('refuses-rows', `it fails if "using" gives ${at} a value that it cannot take`))
  }
  if (refuses && op.using === undefined) {
    found.push(effect('refuses-rows', `it fails if a value of ${at} is no ${to}`))
  }
  if (loses && op.using === undefined) {
    found.push(effect('destroys-data', `values of ${at} lose what ${to} cannot hold`))
  }
  if (differs) {
    found.push(effect('breaks-readers', `what reads ${at} gets ${to} instead of ${typeName(old.type)}`))
  }
  return found
}

function describe(op: AlterColumn): string {
  const parts: string[] = []
  if (op.type !== undefined) parts.push(`type ${shownType(op.type)}`)
  if (op.collation !== undefined) {
    parts.push(op.collation === null ? 'no collation' : `collation ${op.collation}`)
  }
  if (op.nullable !== undefined) parts.push(op.nullable ? 'nullable' : 'not null')
  if (op.default !== undefined) {
    parts.push(op.default === null ? 'no default' : `default ${shownDefault(op.default)}`)
  }
  if (op.identity !== undefined) parts.push(op.identity === null ? 'no identity' : 'identity')
  if (op.generated !== undefined) {
    parts.push(op.generated === null ? 'not generated' : `generated from ${op.generated.sql}`)
  }
  if (op.comment !== undefined) parts.push(op.comment === null ? 'no comment' : 'comment')
  if (op.new_name !== undefined) parts.push(`rename to ${op.new_name}`)
  return `alter column ${op.table}.${op.column}: ${parts.join(', ')}`
}

function shownDefault(value: ReturnType<typeof fromDefault>): string {
  if (value !== null && typeof value === 'object') return value.sql
  return typeof value === 'string' ? `'${value}'` : String(value)
}
