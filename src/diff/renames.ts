/**
 * Renames. A schema does not say whether a column that is gone and one that is new are the same one: dropping and adding
 * loses its values. So people are asked, by {@link RenameCandidate}s; `was:` in a models document and `--rename` answer.
 */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { find, findColumn, shown } from '../model/edit.ts'
import { EXIT, fault } from '../problem.ts'
import { onTable } from '../ops/parts/on-constraint.ts'
import { defined } from '../ops/parts/type.ts'
import {
  columnCandidates,
  enumCandidates,
  sameSchema,
  tableCandidates,
  valueCandidates,
} from './candidates.ts'
import type { RenameCandidate } from './candidates.ts'
import { goneEnums, newEnums } from './enums.ts'
import { goneTables, newTables } from './tables.ts'
import { keyOf } from './work.ts'
import type { Work } from './work.ts'

export type { RenameCandidate } from './candidates.ts'

/** What was renamed: `users` to `people` (an enum alike), `users.name` to `users.fullname`, a value as `mood.sad` to `mood.blue`. */
export interface Rename {
  readonly from: string
  readonly to: string
}

export interface RenameAnswers {
  readonly renames?: readonly Rename[]
  /** Whether all else that is gone is dropped, and all that is new is added. */
  readonly noRenames?: boolean
}

/**
 * Takes the renames that were answered.
 * @param desired with its hints about earlier names
 * @throws `no-such-rename` (exit code 2) for an answer that names nothing that is gone, or nothing that is new
 */
export function takeRenames(work: Work, desired: Model, answers: RenameAnswers): void {
  const left = new Set(answers.renames ?? [])
  renameEnums(work, desired, left)
  renameTables(work, desired, left)
  renameColumns(work, desired, left)
  renameValues(work, left)
  for (const one of left) refuse(work, one)
}

/** What else could be renamed, when the tables that are the same are known; none with `noRenames`. */
export function openRenames(work: Work, { noRenames }: RenameAnswers): RenameCandidate[] {
  if (noRenames) return []
  return [
    ...tableCandidates(work),
    ...columnCandidates(work),
    ...enumCandidates(work),
    ...valueCandidates(work),
  ]
}

function refuse(work: Work, { from, to }: Rename): never {
  refuseMove(work, { from, to })
  const gone = [...goneTables(work), ...goneEnums(work)].map(shown)
  return fault(
    'no-such-rename',
    `"${from}" is not renamed to "${to}": the first must be gone, the second new`,
    {
      hint: gone.length === 0
        ? 'write old=new, with the table before each column: --rename users.name=users.fullname'
        : `the tables and enums that are gone are ${gone.join(', ')}`,
      exit: EXIT.usage,
    },
  )
}

/** No operation moves a table to another schema. @throws `no-such-rename` when that is what was answered */
function refuseMove(work: Work, { from, to }: Rename): void {
  const old = goneTables(work).find((one) => shown(one) === from)
  const one = newTables(work).find((table) => shown(table) === to)
  if (old === undefined || one?.schema === undefined || sameSchema(old, one)) return
  const { qualified, name } = work.dialect.spelling
  fault('no-such-rename', `no operation moves table "${from}" to another schema`, {
    hint: 'write a revision that does it by SQL, and autogenerate the rest: ' +
      `execute: { sql: ALTER TABLE ${qualified(old)} SET SCHEMA ${name(one.schema)} }`,
    exit: EXIT.usage,
  })
}

/** Things of one kind that may be renamed as a whole. */
interface Kind {
  readonly desired: readonly (QualifiedName & { readonly was?: string })[]
  added(): readonly QualifiedName[]
  gone(): readonly QualifiedName[]
  rename(from: QualifiedName, to: QualifiedName): void
}

function renameTables(work: Work, { tables: desired }: Model, left: Set<Rename>): void {
  renameThings(work, left, {
    desired,
    added: () => newTables(work),
    gone: () => goneTables(work),
    rename({ name, schema }, to) {
      work.emit(defined({ op: 'rename_table', name, schema, new_name: to.name }))
      work.renamed.push({ table: [name, to.name] })
    },
  })
}

function renameEnums(work: Work, { enums: desired }: Model, left: Set<Rename>): void {
  renameThings(work, left, {
    desired,
    added: () => newEnums(work),
    gone: () => goneEnums(work),
    rename({ name, schema }, to) {
      work.emit(defined({ op: 'rename_enum', name, schema, new_name: to.name }))
    },
  })
}

function renameThings(work: Work, left: Set<Rename>, kind: Kind): void {
  const hints = new Map(kind.desired.flatMap((one) => one.was === undefined ? [] : [[keyOf(one), one.was]]))
  for (const to of kind.added()) {
    const answer = [...left].find((one) => one.to === shown(to))
    const old = answer?.from ?? hints.get(keyOf(to))
    const gone = old === undefined
      ? undefined
      : kind.gone().find((one) => sameSchema(one, to) && (shown(one) === old || one.name === old))
    if (gone === undefined) continue
    if (answer !== undefined) left.delete(answer)
    kind.rename(gone, to)
    work.renames.push({ from: shown(gone), to: shown(to) })
    for (const one of [...left]) {
      if (!one.from.startsWith(`${shown(gone)}.`)) continue
      left.delete(one)
      left.add({ from: shown(to) + one.from.slice(shown(gone).length), to: one.to })
    }
  }
}

function renameColumns(work: Work, desired: Model, left: Set<Rename>): void {
  for (const to of desired.tables) {
    const hinted = to.columns.filter((one) => one.was !== undefined)
    const asked = left.size === 0 ? [] : [...left].filter((one) => one.to.startsWith(`${shown(to)}.`))
    if (hinted.length + asked.length === 0) continue
    for (const one of asked) {
      const [from, name] = [one.from, one.to].map((text) => text.slice(shown(to).length + 1))
      if (!one.from.startsWith(`${shown(to)}.`) || !renameColumn(work, to, from!, name!)) continue
      left.delete(one)
    }
    for (const { name, was } of hinted) renameColumn(work, to, was!, name)
  }
}

/** @returns whether the one is gone and the other is new, so that it can be */
function renameColumn(work: Work, to: Table, from: string, name: string): boolean {
  const table = work.table(to)
  if (table === undefined || findColumn(table, from) === undefined || findColumn(to, from) !== undefined) {
    return false
  }
  if (findColumn(table, name) !== undefined || findColumn(to, name) === undefined) return false
  work.emit({ op: 'rename_column', ...onTable(to), column: from, new_name: name })
  work.renames.push({ from: `${oldName(work, to)}.${from}`, to: `${shown(to)}.${name}` })
  work.renamed.push({ table: [to.name], column: [from, name] })
  return true
}

function renameValues(work: Work, left: Set<Rename>): void {
  if (left.size === 0) return
  for (const to of work.desired.enums) {
    for (const one of [...left]) {
      const from = find(work.model, 'enums', to)
      const head = `${shown(to)}.`
      if (from === undefined || !one.from.startsWith(head) || !one.to.startsWith(head)) continue
      const [old, value] = [one.from, one.to].map((text) => text.slice(head.length))
      if (!from.values.includes(old!) || to.values.includes(old!) || !to.values.includes(value!)) continue
      if (from.values.includes(value!)) continue
      work.emit(
        defined({ op: 'rename_enum_value', name: to.name, schema: to.schema, from: old!, to: value! }),
      )
      work.renames.push({ from: `${oldName(work, to)}.${old}`, to: one.to })
      left.delete(one)
    }
  }
}

/** What a table or an enum was called before it was renamed. */
function oldName({ renames }: Work, to: QualifiedName): string {
  return renames.find((one) => one.to === shown(to))?.from ?? shown(to)
}
