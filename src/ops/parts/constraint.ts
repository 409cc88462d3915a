/** Constraints: what YAML writes. `constraint-model.ts` leads from it to the model and back. */
import { Type } from 'typebox'
import { fields, flag, name, names, optional, sql, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { keyFields } from './index-spec.ts'

const INITIALLY = ['deferred', 'immediate'] as const
const ACTIONS = ['no_action', 'restrict', 'cascade', 'set_null', 'set_default'] as const
const CONFLICTS = ['rollback', 'abort', 'fail', 'ignore', 'replace'] as const

const constraintName = optional(name('Its name. Absent: unnamed; PostgreSQL gives one.'))
const comment = optional(Type.String({ description: 'Its comment (PostgreSQL).' }))
const descending = optional(names('Those of the columns that its index sorts downwards (SQLite).'))
const include = optional(names('Columns stored in its index besides the key (PostgreSQL).'))
export const onConflict = optional(
  words(CONFLICTS, 'What happens to a row that violates it (SQLite). Default abort.'),
)
const notValid = optional(flag(
  'Rows that are there are not looked at; see validate_constraint. SQLite, which has no such thing, looks at them.',
))

const deferralFields = {
  deferrable: optional(flag('Whether checking can be put off to the end of the transaction.')),
  initially: optional(words(INITIALLY, 'deferred: it is put off unless told otherwise. Implies deferrable.')),
}

const referenceFields = {
  on_delete: optional(words(ACTIONS, 'What happens to the row when the one it refers to is deleted.')),
  on_update: optional(words(ACTIONS, 'The same, when the key it refers to changes.')),
  match: optional(words(['simple', 'full'], 'full: all columns are NULL or none.')),
  ...deferralFields,
}

/** `references:` of a column. */
export const inlineReference = fields({
  table: name('The table referred to.'),
  schema: optional(name('Its schema.')),
  column: name('The column referred to.'),
  name: constraintName,
  ...referenceFields,
}, 'A foreign key of this column alone.')

export const primaryKeyFields = {
  name: constraintName,
  columns: names('The columns of the key.'),
  descending,
  include,
  ...deferralFields,
  on_conflict: onConflict,
  comment,
}

export const uniqueFields = {
  name: constraintName,
  columns: names('The columns that are unique together.'),
  descending,
  include,
  nulls_not_distinct: optional(flag('Whether two NULLs are the same (PostgreSQL 15).')),
  ...deferralFields,
  on_conflict: onConflict,
  comment,
}

export const checkFields = {
  name: constraintName,
  condition: sql('What must not be false.'),
  no_inherit: optional(flag('Not for tables that inherit from this one (PostgreSQL).')),
  not_valid: notValid,
  comment,
}

export const foreignKeyFields = {
  name: constraintName,
  columns: names('The columns that refer.'),
  references: fields({
    table: name('The table referred to.'),
    schema: optional(name('Its schema.')),
    columns: names('The columns referred to.'),
  }, 'What they refer to.'),
  ...referenceFields,
  not_valid: notValid,
  comment,
}

export const exclusionFields = {
  name: constraintName,
  using: optional(name('The index method. Default gist.')),
  elements: Type.Array(
    fields({
      ...keyFields,
      with: name('The operator that must not hold between two rows: =, &&…'),
    }),
    { minItems: 1, description: 'What is compared, and how.' },
  ),
  include,
  where: optional(sql('Only for the rows for which this holds.')),
  ...deferralFields,
  comment,
}

const primaryKeyShape = fields(primaryKeyFields)
const uniqueShape = fields(uniqueFields)
const checkShape = fields(checkFields)
const foreignKeyShape = fields(foreignKeyFields)
const exclusionShape = fields(exclusionFields)

export type PrimaryKeySpec = Spec<typeof primaryKeyShape>
export type UniqueSpec = Spec<typeof uniqueShape>
export type CheckSpec = Spec<typeof checkShape>
export type ForeignKeySpec = Spec<typeof foreignKeyShape>
export type ExclusionSpec = Spec<typeof exclusionShape>
export type ReferenceSpec = Spec<typeof inlineReference>

/** The constraint lists of create_table. */
export const tableConstraintFields = {
  primary_key: optional(
    Type.Union([names('The columns of the primary key.'), primaryKeyShape], {
      description: 'The primary key: its columns, or all that can be said of it.',
    }),
  ),
  unique: optional(Type.Array(uniqueShape, { description: 'UNIQUE constraints.' })),
  foreign_keys: optional(Type.Array(foreignKeyShape, { description: 'Foreign keys.' })),
  checks: optional(Type.Array(checkShape, { description: 'CHECK constraints.' })),
  exclude: optional(Type.Array(exclusionShape, { description: 'Exclusion constraints (PostgreSQL).' })),
}
