import { Type } from 'typebox'
import { ownValue } from '../own-value.ts'
import type { Column, Enum, Model, Table } from '../model/model.ts'
import { sameValue } from '../model/difference.ts'
import { change, get, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { isOf } from '../model/types.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Effect, Inverse, Op } from './definition.ts'
import { fields, name, optional, schema } from '../shape.ts'
import {
  checkKnown,
  checkValue,
  enumChangeOnSqlite,
  enumTables,
  enumValues,
  namesValue,
  namingValues,
} from './parts/enum.ts'
import { relabelTable } from './parts/enum-labels.ts'
import { enumColumns } from './parts/enum-values.ts'
import { rebuildEnum } from './parts/enum-rebuild.ts'
import { enumUsers } from './parts/retype.ts'

const shape = fields({
  name: name('The type.'),
  schema,
  values: enumValues,
  map: optional(Type.Record(Type.String(), Type.String(), {
    description: 'What rows with a value that goes away get instead: { old: new }.',
  })),
})

export type SetEnumValues = Op<'set_enum_values', typeof shape>

/**
 * Gives an enum type other values: some fewer, some more, another order.
 *
 * ```yaml
 * - set_enum_values: { name: mood, values: [happy, blue], map: { sad: blue } }
 * ```
 * PostgreSQL cannot take a value away, so the type is made anew, in the revision's transaction:
 * `ALTER TYPE mood RENAME TO mood_old`, `CREATE TYPE mood AS ENUM ('happy', 'blue')`, for each table
 * `ALTER TABLE person ALTER COLUMN mood TYPE mood USING (CASE … END)::mood` (defaults and the checks and indexes that
 * name the column, and foreign keys between such columns, are taken off and put on again: they hold references to the
 * old type), `DROP TYPE mood_old`. The tables are rewritten. Refused while views, generated columns, triggers or policies
 * use the columns, or functions the type: PostgreSQL cannot change it under them.
 *
 * SQLite: the rows are updated as `map` says; a table is rebuilt when its declaration changes.
 *
 * Rows that still have a value that goes away make it fail on PostgreSQL; SQLite does not look at them.
 */
export const setEnumValues: Definition<SetEnumValues> = {
  kind: 'set_enum_values',
  summary: 'Give an enum type other values: remove, add, reorder.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'person',
      columns: [
        { name: 'name', type: 'text' },
        { name: 'mood', type: { enum: ['sad', 'happy'], name: 'mood' }, default: 'sad' },
      ],
    }],
    operation: { op: 'set_enum_values', name: 'mood', values: ['happy', 'blue'], map: { sad: 'blue' } },
  },
  apply(op, model) {
    const one = get(model, 'enums', op)
    op.values.forEach((value, i) => checkValue(value, ['values', i]))
    checkMap(op, one)
    checkDomains(model, one)
    for (const table of enumTables(model, one)) checkDefaults(op, one, table)
    const changed = change(model, 'enums', op, () => ({ ...one, values: op.values }))
    return { ...changed, tables: model.tables.map((table) => relabelTable(table, one, op.map ?? {})) }
  },
  invert,
  compile: {
    postgres(op, cx) {
      const one = get(cx.before, 'enums', op)
      checkUsers(cx.before, one)
      checkValues(op, one, cx.after)
      return rebuildEnum(one, cx, op.map ?? {})
    },
    sqlite: (op, cx) => enumChangeOnSqlite(op, cx, op.map),
  },
  effects,
  describe: (op) => `set the values of enum ${op.name} to ${op.values.join(', ')}`,
}

function checkMap(op: SetEnumValues, one: Enum): void {
  for (const [from, to] of Object.entries(op.map ?? {})) {
    const path = ['map', from]
    checkKnown(one, from, path)
    if (op.values.includes(from)) {
      fault('contradiction', `"${from}" stays a value: nothing can be mapped from it`, { path })
    }
    checkKnown({ ...one, values: op.values }, to, path)
  }
}

/** ALTER DOMAIN cannot change the type under a domain. */
function checkDomains(model: Model, one: Enum): void {
  const over = model.domains.find(({ type }) => isOf(type, 'enum', one))
  if (over === undefined) return
  fault(
    'still-used',
    `domain "${shown(over)}" is over the enum "${shown(one)}", and PostgreSQL cannot change it`,
    {
      path: ['name'],
      hint: 'drop the domain first and create it again afterwards',
    },
  )
}

/** What PostgreSQL lets no column change its type under, and what would go on to use the old type. */
function checkUsers(model: Model, one: Enum): void {
  const users = enumUsers(model, one)
  if (users.length === 0) return
  fault('still-used', `enum "${shown(one)}" cannot be made anew: it is used by ${users.join(', ')}`, {
    path: ['name'],
    hint: 'drop that first and create it again afterwards, as `revision --autogenerate` does',
  })
}

const WORDS = { check: 'check', exclude: 'exclusion constraint', index: 'index' } as const

/** What names a value that is none any more cannot be put on again. */
function checkValues(op: SetEnumValues, one: Enum, after: Model): void {
  const gone = one.values.filter((value) => !op.values.includes(value))
  for (const table of enumTables(after, one)) {
    const [first] = namingValues(table, one, gone)
    if (first === undefined) continue
    const what = `the ${WORDS[first.kind]} "${first.name}" of "${shown(table)}"`
    fault('expression-uses-value', `${what} names "${first.value}", which goes away`, {
      path: ['values'],
      hint: 'drop it first, and create it again without that value afterwards',
    })
  }
}

function checkDefaults(op: SetEnumValues, one: Enum, table: Table): void {
  const gone = removed(op, one)
  for (const column of enumColumns(table, one)) {
    const value = column.default === undefined
      ? undefined
      : gone.find((old) => namesValue(column.default!, old))
    if (value === undefined) continue
    fault(
      'default-uses-value',
      `the default of "${shown(table)}.${column.name}" is "${value}", which goes away`,
      {
        path: ['values'],
        hint: `change the default first, or say what "${value}" becomes: \`map: { ${value}: … }\``,
      },
    )
  }
}

/** The values that go away and become nothing else. */
function removed(op: SetEnumValues, one: Enum): string[] {
  return one.values.filter((value) =>
    !op.values.includes(value) && ownValue(op.map ?? {}, value) === undefined
  )
}

/** Back to the values as they were; values that came in the place of others are mapped back. */
function invert(op: SetEnumValues, before: Model): Inverse {
  const one = get(before, 'enums', op)
  const back = Object.entries(op.map ?? {}).filter(([, to]) => !one.values.includes(to)).map((
    [from, to],
  ) => [to, from])
  const inverse: SetEnumValues = defined({
    op: 'set_enum_values',
    name: op.name,
    schema: op.schema,
    values: one.values,
    map: back.length === 0 ? undefined : Object.fromEntries(back),
  })
  const after = setEnumValues.apply(op, before)
  const lost = enumTables(after, one).filter((table) => {
    const restored = relabelTable(table, one, inverse.map ?? {})
    return !sameValue(restored, get(before, 'tables', table))
  })
  if (lost.length === 0) return [inverse]
  return {
    irreversible: `a default or a check of "${shown(lost[0]!)}" named a value that went into another one`,
  }
}

/** ` in "person.mood", "pet.mood"`. */
function places(rows: readonly { readonly table: Table; readonly column: Column }[]): string {
  if (rows.length === 0) return ''
  return ` in ${rows.map(({ table, column }) => `"${shown(table)}.${column.name}"`).join(', ')}`
}

function effects(op: SetEnumValues, before: Model): Effect[] {
  const one = get(before, 'enums', op)
  const refused = removed(op, one)
  const gone = one.values.filter((value) => !op.values.includes(value))
  const listed = (values: readonly string[]) => values.map((value) => `"${value}"`).join(', ')
  const rows = enumTables(before, one).flatMap((table) =>
    enumColumns(table, one).map((column) => ({ table, column }))
  )
  return [
    ...(refused.length === 0 ? [] : rows.map(({ table, column }): Effect => ({
      kind: 'refuses-rows',
      object: shown(table),
      column: column.name,
      why: `rows of "${shown(table)}" whose "${column.name}" is ${listed(refused)} make it fail`,
    }))),
    ...(gone.length === 0 ? [] : [
      {
        kind: 'breaks-readers',
        object: op.name,
        why: `what still writes or looks for ${listed(gone)}${places(rows)} fails`,
      } as const,
    ]),
  ]
}
