/**
 * Renames. A schema does not say whether a column that is gone and one that is new are the same one: dropping and adding
 * loses its values. So people are asked, by {@link RenameCandidate}s; `was:` in a models document and `--rename` answer.
 */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { find, findColumn, sameSchema, shown } from '../model/edit.ts'
import { EXIT, fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { columnCandidates, enumCandidates, tableCandidates, valueCandidates } from './candidates.ts'
import type { RenameCandidate } from './candidates.ts'
import { goneEnums } from './enums.ts'
import { steps, together } from './rename-order.ts'
import { goneTables, newTables } from './tables.ts'
import { dropReaders } from './views.ts'
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
  const table = work.desired.tables.find((one) => to.startsWith(`${shown(one)}.`))
  const columns = table === undefined
    ? []
    : work.table(table)?.columns.filter(({ name }) => !findColumn(table, name)) ?? []
  const [what, gone] = table === undefined
    ? ['tables and enums', [...goneTables(work), ...goneEnums(work)].map(shown)]
    : [`columns of "${shown(table)}"`, columns.map(({ name }) => name)]
  return fault(
    'no-such-rename',
    `"${from}" is not renamed to "${to}": the first must be gone, the second new`,
    {
      hint: gone.length === 0
        ? 'write old=new, with the table before each column: --rename users.name=users.fullname'
        : `the ${what} that are gone are ${gone.join(', ')}`,
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

/** A type goes after all renames, and a table cannot have its name before. @throws `no-such-rename` */
function refuseNameOfType({ model }: Work, table: QualifiedName, to: string): void {
  const type = [...model.enums, ...model.domains].find((one) => one.name === to && sameSchema(one, table))
  if (type === undefined) return
  fault('no-such-rename', `table "${shown(table)}" cannot be renamed to "${to}" while a type has that name`, {
    hint: `write a revision that drops or renames the type "${shown(type)}", and autogenerate the rest`,
    exit: EXIT.usage,
  })
}

/** Things of one kind that may be renamed as a whole. */
interface Kind {
  readonly here: readonly QualifiedName[]
  readonly there: readonly (QualifiedName & { readonly was?: string })[]
  rename(from: QualifiedName, to: string): void
}

function renameTables(work: Work, { tables: there }: Model, left: Set<Rename>): void {
  renameThings(work, left, {
    here: work.model.tables,
    there,
    rename({ name, schema }, to) {
      refuseNameOfType(work, { name, schema }, to)
      work.emit(defined({ op: 'rename_table', name, schema, new_name: to }))
      work.renamed.push({ table: [name, to] })
    },
  })
}

function renameEnums(work: Work, { enums: there }: Model, left: Set<Rename>): void {
  renameThings(work, left, {
    here: work.model.enums,
    there,
    rename({ name, schema }, to) {
      work.emit(defined({ op: 'rename_enum', name, schema, new_name: to }))
    },
  })
}

function renameThings(work: Work, left: Set<Rename>, kind: Kind): void {
  const hinted = kind.there.flatMap((to): Rename[] =>
    to.was === undefined ? [] : [{ from: shown({ ...to, name: to.was }), to: shown(to) }]
  )
  if (hinted.length + left.size === 0) return
  const names = (things: readonly QualifiedName[]) => new Map(things.map((one) => [shown(one), one]))
  const [here, there] = [names(kind.here), names(kind.there)]
  // The schema may be left out in front of the old name.
  const answers = new Map([...left].map((one) => {
    const from = here.has(one.from) ? one.from : shown({ ...there.get(one.to), name: one.from })
    return [{ from, to: one.to }, one]
  }))
  const pairs = asked(answers.keys(), hinted).filter(({ from, to }) => {
    const [old, one] = [here.get(from), there.get(to)]
    return old !== undefined && one !== undefined && sameSchema(old, one)
  })
  for (const group of together(pairs, new Set(here.keys()), new Set(there.keys()))) {
    const { schema } = there.get(group[0]!.to)!
    const bare = group.map(({ from, to }) => ({ from: here.get(from)!.name, to: there.get(to)!.name }))
    const isTaken = (name: string) => here.has(shown({ schema, name })) || there.has(shown({ schema, name }))
    for (const { from, to } of steps(bare, isTaken)) kind.rename({ name: from, schema }, to)
    work.renames.push(...group)
    for (const one of group) left.delete(answers.get(one)!)
  }
}

/** What was answered, and what the models say besides. */
function asked(answers: Iterable<Rename>, hinted: readonly Rename[]): readonly Rename[] {
  const all = [...answers]
  return [...all, ...hinted.filter((one) => !all.some(({ from, to }) => from === one.from || to === one.to))]
}

function renameColumns(work: Work, desired: Model, left: Set<Rename>): void {
  for (const to of desired.tables) {
    const hinted = to.columns.flatMap(({ name, was }) => was === undefined ? [] : [{ from: was, to: name }])
    if (hinted.length + left.size === 0) continue
    const answers = answersIn(work, to, left)
    const table = work.table(to)
    if (table === undefined || hinted.length + answers.size === 0) continue
    const names = ({ columns }: Table) => new Set(columns.map(({ name }) => name))
    const [here, there] = [names(table), names(to)]
    for (const group of together(asked(answers.keys(), hinted), here, there)) {
      for (const { from } of group) dropReaders(work, to.name, from)
      for (const step of steps(group, (name) => here.has(name) || there.has(name))) {
        work.emit({ op: 'rename_column', ...onTable(to), column: step.from, new_name: step.to })
        work.renamed.push({ table: [to.name], column: [step.from, step.to] })
      }
      work.renames.push(
        ...group.map((one) => ({ from: `${oldName(work, to)}.${one.from}`, to: `${shown(to)}.${one.to}` })),
      )
      for (const one of group) left.delete(answers.get(one)!)
    }
  }
}

function renameValues(work: Work, left: Set<Rename>): void {
  for (const to of work.desired.enums) {
    const from = find(work.model, 'enums', to)
    if (from === undefined) continue
    for (const [{ from: old, to: value }, answer] of answersIn(work, to, left)) {
      if (!from.values.includes(old) || to.values.includes(old) || !to.values.includes(value)) continue
      if (from.values.includes(value)) continue
      work.emit(defined({ op: 'rename_enum_value', name: to.name, schema: to.schema, from: old, to: value }))
      work.renames.push({ from: `${oldName(work, to)}.${old}`, to: answer.to })
      left.delete(answer)
    }
  }
}

/** What was answered about the columns of a table, or the values of an enum, which may be called by its old name. */
function answersIn(work: Work, to: QualifiedName, left: ReadonlySet<Rename>): Map<Rename, Rename> {
  const [old, now] = [`${oldName(work, to)}.`, `${shown(to)}.`]
  return new Map([...left].flatMap((one) => {
    const head = [old, now].find((name) => one.from.startsWith(name))
    if (head === undefined || !one.to.startsWith(now)) return []
    return [[{ from: one.from.slice(head.length), to: one.to.slice(now.length) }, one] as const]
  }))
}

/** What a table or an enum was called before it was renamed. */
function oldName({ renames }: Work, to: QualifiedName): string {
  return renames.find((one) => one.to === shown(to))?.from ?? shown(to)
}
