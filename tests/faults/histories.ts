/** Histories that runs are disturbed in. */
import { revisions } from '../support/project.ts'

const BASE = `upgrade:
  - create_table:
      name: people
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: name, type: varchar(40), nullable: false }
        - { name: state, type: { enum: [new, old], name: state }, default: new }
  - create_table:
      name: pets
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: person, type: integer, references: { table: people, column: id } }
  - bulk_insert: { table: people, rows: [{ id: 1, name: a }, { id: 2, name: b }, { id: 3, name: c }] }
  - bulk_insert: { table: pets, rows: [{ id: 1, person: 1 }, { id: 2, person: 3 }] }
`

/** Each revision is one transaction. */
const transactional = {
  r1: BASE,
  r2: `upgrade:
  - add_column: { table: people, column: { name: age, type: integer } }
  - update_rows: { table: people, set: { age: 7 }, where: id = 1 }
downgrade: []
`,
  r3: `upgrade:
  - create_index: { name: ix_age, table: people, columns: [age] }
  - drop_column: { table: people, column: name }
`,
}

/** Indexes built and dropped outside transactions, with others around them. */
const concurrent = {
  r1: BASE,
  r2: `upgrade:
  - add_column: { table: people, column: { name: age, type: integer } }
  - create_index: { name: ix_age, table: people, columns: [age], concurrently: true }
  - create_index: { name: ix_name, table: people, columns: [name], unique: true, concurrently: true }
  - drop_index: { name: ix_age, table: people, concurrently: true }
  - add_column: { table: pets, column: { name: age, type: integer } }
`,
  r3: 'upgrade: [{ add_column: { table: pets, column: { name: tail, type: text } } }]\n',
}

/** Enum values, which are used in the revision that adds them. */
const enums = {
  r1: BASE,
  r2: `upgrade:
  - add_enum_value: { name: state, value: odd, before: old }
  - update_rows: { table: people, set: { state: odd }, where: id = 2 }
  - add_enum_value: { name: state, value: gone }
  - alter_column: { table: people, column: state, default: gone }
  - bulk_insert: { table: people, rows: [{ id: 9, name: z }] }
downgrade: { irreversible: values stay }
`,
}

/** Every statement by itself. */
const apart = {
  r1: BASE,
  r2: `transaction: none
upgrade:
  - create_table:
      name: jobs
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: kind, type: { enum: [a, b], name: kind } }
        - { name: person, type: integer, index: true }
  - add_column: { table: people, column: { name: age, type: integer } }
  - alter_column: { table: people, column: name, type: text }
  - execute: { sql: VACUUM }
  - drop_table: { name: pets }
downgrade: { irreversible: gone }
`,
}

/** Tables rebuilt on SQLite, in a transaction and apart. */
const rebuilds = {
  r1: BASE,
  r2: `upgrade:
  - alter_column: { table: people, column: name, type: text, nullable: true }
  - add_column: { table: people, column: { name: seen, type: timestamptz, default: { sql: CURRENT_TIMESTAMP } } }
downgrade: []
`,
  r3: `upgrade:
  - execute: { sql: VACUUM, effects: none }
  - alter_column: { table: pets, column: person, nullable: false }
  - create_check_constraint: { name: ck_id, table: people, condition: id > 0 }
downgrade: { irreversible: no }
`,
  r4: `transaction: none
upgrade:
  - drop_constraint: { name: ck_id, table: people, type: check }
  - add_column: { table: pets, column: { name: age, type: integer } }
downgrade: { irreversible: no }
`,
}

/** Revisions that are sent whole, one behind the other. */
const tables = Object.fromEntries([
  ['r1', BASE],
  ...[2, 3, 4, 5, 6, 7].map((n) => [
    `r${n}`,
    `upgrade:
  - create_table: { name: t${n}, columns: [{ name: id, type: integer, primary_key: true }, { name: x, type: text }] }
  - create_index: { name: ix_t${n}, table: t${n}, columns: [x] }
  - add_column: { table: pets, column: { name: c${n}, type: integer } }
`,
  ]),
]) as Readonly<Record<string, string>>

/** Rows changed in batches. */
const backfills = {
  r1: BASE,
  r2: `upgrade:
  - add_column: { table: people, column: { name: upper, type: text } }
  - backfill: { table: people, set: { upper: upper(name) }, where: upper IS NULL, key: id, batch_size: 1, pause: 0ms }
  - add_column: { table: pets, column: { name: age, type: integer } }
downgrade: { irreversible: no }
`,
}

export const HISTORIES = { transactional, concurrent, enums, apart, rebuilds, tables, backfills } as const

export type HistoryName = keyof typeof HISTORIES

/** Their revision files. */
export function filesOf(name: HistoryName): Readonly<Record<string, string>> {
  return revisions(HISTORIES[name])
}
