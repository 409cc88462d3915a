/**
 * Giving a table a constraint or an index: named (`names.ts`), and checked against the model, so that a
 * mistake is found before anything runs.
 */
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import { constraints, get, sameName, shown } from './edit.ts'
import type { ConstraintKind } from './edit.ts'
import { checkColumn, checkColumns, withInherited } from './inherited.ts'
import type { Check, Exclusion, ForeignKey, Index, Model, PrimaryKey, Table, Unique } from './model.ts'
import {
  clip,
  conventionalName,
  implicitName,
  isIndexNameTaken,
  partNames,
  relationNames,
  takenNames,
} from './names.ts'
import { isKey } from './references.ts'
import { usedColumns } from './used-columns.ts'

interface Constraints {
  readonly primary_key: PrimaryKey
  readonly unique: Unique
  readonly foreign_key: ForeignKey
  readonly check: Check
  readonly exclude: Exclusion
}

/** What the model holds of a constraint before it is named. */
export type Unnamed<C extends { readonly name: string }> = Omit<C, 'name' | 'implicit'> & {
  readonly name?: string
}

/** A constraint as an operation declares it: its kind, and what the model shall hold, named or not. */
export type Addition = {
  readonly [K in ConstraintKind]: { readonly kind: K; readonly constraint: Unnamed<Constraints[K]> }
}[
  ConstraintKind
]

/**
 * The table with one constraint more. The model is the one the table is in (or will be in).
 * @throws `constraint-exists`, `no-such-column`, `duplicate-column`, `contradiction`, `no-such-table`,
 *   `primary-key-exists`, `foreign-key-columns`, `no-unique-key`
 */
export function attach(model: Model, table: Table, addition: Addition, path: Path = []): Table {
  switch (addition.kind) {
    case 'primary_key': {
      const { constraint } = addition
      checkKey(model, table, constraint, path)
      return withPrimaryKey(table, { ...constraint, ...nameOf(model, table, addition, path) }, path)
    }
    case 'unique': {
      const { constraint } = addition
      checkKey(model, table, constraint, path)
      return {
        ...table,
        uniques: [...table.uniques, { ...constraint, ...nameOf(model, table, addition, path) }],
      }
    }
    case 'foreign_key': {
      const { constraint } = addition
      checkForeignKey(model, table, constraint, path)
      return {
        ...table,
        foreignKeys: [...table.foreignKeys, { ...constraint, ...nameOf(model, table, addition, path) }],
      }
    }
    case 'check': {
      const { constraint } = addition
      return {
        ...table,
        checks: [...table.checks, { ...constraint, ...nameOf(model, table, addition, path) }],
      }
    }
    case 'exclude': {
      const { constraint } = addition
      checkElements(model, table, constraint, path)
      return {
        ...table,
        excludes: [...table.excludes, { ...constraint, ...nameOf(model, table, addition, path) }],
      }
    }
  }
}

/**
 * The name given, or the convention's, or PostgreSQL's; in that order.
 * @throws `constraint-exists`
 */
function nameOf(
  model: Model,
  table: Table,
  { kind, constraint }: Addition,
  path: Path = [],
): { readonly name: string; readonly implicit?: true } {
  const named = constraint.name === undefined
    ? defaultName(model, table, { kind, constraint } as Addition)
    : { name: constraint.name }
  if (named.implicit) return named
  const { name } = named
  if (constraints(table).some((one) => one.constraint.name === name)) {
    fault('constraint-exists', `table "${shown(table)}" has a constraint "${name}" already`, {
      path: constraint.name === undefined ? path : [...path, 'name'],
      hint: constraint.name === undefined ? 'the naming convention calls it so; give it a name' : undefined,
    })
  }
  return { name }
}

/** The name of a constraint of the table that is given none: the convention's, or the one PostgreSQL gives. */
export function defaultName(
  model: Model,
  table: Table,
  addition: Addition,
): { readonly name: string; readonly implicit?: true } {
  const { kind, constraint } = addition
  const { columns, parts } = namedColumns(withInherited(model, table) ?? table, addition)
  const referred = 'references' in constraint ? constraint.references : undefined
  const convention = conventionalName(model, kind, { table, columns, referred })
  if (convention !== undefined) return { name: clip(convention) }
  return { name: implicitName(kind, table, parts, takenNames(model, table, kind)), implicit: true }
}

/** The columns that a naming convention names, and those that PostgreSQL does: it counts INCLUDE columns. */
function namedColumns(
  table: Table,
  { kind, constraint }: Addition,
): { readonly columns: readonly string[]; readonly parts: readonly string[] } {
  switch (kind) {
    case 'primary_key':
    case 'unique':
      return { columns: constraint.columns, parts: [...constraint.columns, ...(constraint.include ?? [])] }
    case 'foreign_key':
      return { columns: constraint.columns, parts: constraint.columns }
    case 'check': {
      const used = usedColumns(constraint.expression, table)
      return { columns: used, parts: used.length === 1 ? used : [] }
    }
    case 'exclude': {
      const parts = partNames(constraint.elements)
      return { columns: parts, parts: partNames([...constraint.elements, ...included(constraint.include)]) }
    }
  }
}

function included(columns: readonly string[] = []): { readonly column: string }[] {
  return columns.map((one) => ({ column: one }))
}

function checkKey(model: Model, table: Table, key: Unnamed<PrimaryKey | Unique>, path: Path): void {
  checkColumns(model, table, key.columns, [...path, 'columns'])
  noneTwice(key.columns, [...path, 'columns'])
  checkColumns(model, table, key.include ?? [], [...path, 'include'])
  noneTwice(key.descending ?? [], [...path, 'descending'])
  key.descending?.forEach((name, i) => {
    if (key.columns.includes(name)) return
    fault('contradiction', `column "${name}" is no column of the key`, { path: [...path, 'descending', i] })
  })
}

/** @throws `duplicate-column` for the first of the names that stands there a second time */
export function noneTwice(names: readonly string[], path: Path): void {
  const at = names.findIndex((name, i) => names.indexOf(name) < i)
  if (at >= 0) fault('duplicate-column', `column "${names[at]!}" stands twice`, { path: [...path, at] })
}

function checkElements(model: Model, table: Table, one: Unnamed<Exclusion>, path: Path): void {
  one.elements.forEach((element, i) => {
    const at = [...path, 'elements', i]
    if ((element.column === undefined) === (element.expression === undefined)) {
      fault('contradiction', 'an element of an exclusion constraint is either a column or an expression', {
        path: at,
      })
    }
    if (element.column !== undefined) checkColumn(model, table, element.column, [...at, 'column'])
  })
  checkColumns(model, table, one.include ?? [], [...path, 'include'])
}

/** The columns of a primary key cannot be NULL. */
function withPrimaryKey(table: Table, key: PrimaryKey, path: Path): Table {
  if (table.primaryKey !== undefined) {
    fault('primary-key-exists', `table "${shown(table)}" has a primary key already`, {
      path,
      hint: `drop the constraint "${table.primaryKey.name}" first`,
    })
  }
  const columns = table.columns.map((one) =>
    one.nullable && key.columns.includes(one.name) ? { ...one, nullable: false } : one
  )
  return { ...table, columns, primaryKey: key }
}

function checkForeignKey(model: Model, table: Table, one: Unnamed<ForeignKey>, path: Path): void {
  checkColumns(model, table, one.columns, [...path, 'columns'])
  const at = [...path, 'references']
  const target = sameName(table, one.references)
    ? table
    : get(model, 'tables', one.references, [...at, 'table'])
  const { columns } = one.references
  checkColumns(model, target, columns, [...at, 'columns'])
  noneTwice(columns, [...at, 'columns'])
  if (one.columns.length !== columns.length) {
    fault('foreign-key-columns', `${one.columns.length} columns cannot refer to ${columns.length}`, {
      path: [...at, 'columns'],
      hint: 'each column refers to one: name as many on both sides',
    })
  }
  if (!isKey(target, columns)) {
    fault(
      'no-unique-key',
      `${shown(target)} (${columns.join(', ')}) is neither its primary key nor unique`,
      {
        path: at,
        hint: 'a foreign key refers to columns that tell rows apart; add a unique constraint on them',
      },
    )
  }
}

/**
 * The table with one index more.
 * @throws `index-exists`: index names are unique in a schema; `needs-name`
 */
export function attachIndex(model: Model, table: Table, index: Unnamed<Index>, path: Path = []): Table {
  const name = indexName(model, table, index, path)
  if (isIndexNameTaken(model, table, name)) {
    fault('index-exists', `there is an index or table "${name}" already`, {
      path: index.name === undefined ? path : [...path, 'name'],
    })
  }
  return { ...table, indexes: [...table.indexes, { ...index, name }] }
}

/**
 * The name of an index: the one given, else the convention's, else
 * `ix_<table>_<first column>` as SQLAlchemy's default convention has it.
 * @throws `needs-name` when there is no name and a key is an expression
 */
export function indexName(model: Model, table: Table, index: Unnamed<Index>, path: Path = []): string {
  if (index.name !== undefined) return index.name
  const columns = index.keys.flatMap((key) => key.column ?? [])
  if (columns.length < index.keys.length) {
    fault('needs-name', 'an index on an expression needs a name', { path, hint: 'give it a `name`' })
  }
  return clip(conventionalName(model, 'index', { table, columns }) ?? `ix_${table.name}_${columns[0]!}`)
}

/**
 * Refuses the name of a new index, or of a constraint that has one, which a relation has already: PostgreSQL
 * keeps them in one name space, SQLite does not.
 * @param before the model without it
 * @throws `relation-exists`
 */
export function checkRelationName(before: Model, table: Table, name: string, path: Path = ['name']): void {
  if (!relationNames(before, table).has(name)) return
  fault('relation-exists', `there is a table, view, index or constraint "${name}" already`, {
    path,
    hint:
      'on PostgreSQL the index of a constraint bears its name, and names of relations are unique in a schema',
  })
}
