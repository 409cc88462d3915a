/**
 * A model as PostgreSQL can hold it: what introspection returns after creating it. What only SQLite has is gone, names
 * are cut at 63 bytes, types and defaults have the form the server gives them, and options that say what holds anyway
 * are left out, as are empty comments. Expressions stay as written: `sameExpression` compares them.
 */
import { clip } from '../../model/names.ts'
import type {
  Check,
  Column,
  DataType,
  Domain,
  Exclusion,
  ForeignKey,
  Identity,
  Index,
  IndexKey,
  MaterializedView,
  Model,
  PrimaryKey,
  Scalar,
  Sequence,
  Table,
  Unique,
  View,
} from '../../model/model.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { withStarsNamed } from '../../model/view-text.ts'
import { defined } from '../../model/defined.ts'
import { canonicalDefault } from './default.ts'
import { integerKind, parameter, sequenceDefaults } from './options.ts'
import { clipped, clips, projectCode, projectPolicy } from './project-code.ts'
import { canonical } from './types.ts'
import { withColumnNames } from './view-columns.ts'

/** The model as introspection would return it. */
export function project(given: Model): Model {
  const model = withStarsNamed(given)
  return {
    schemas: model.schemas.map((name) => clip(name)),
    // Which version an extension got is not asked for in most models, and cannot be told from one that was.
    extensions: model.extensions.map(({ version: _, ...rest }) => rest),
    enums: model.enums.map((one) => ({
      ...one,
      ...clipped(one),
      values: one.values.map((value) => clip(value)),
    })),
    domains: model.domains.map(domain),
    sequences: model.sequences.map(sequence),
    tables: model.tables.map(table),
    views: model.views.map(view),
    ...projectCode(model),
    materializedViews: model.materializedViews.map(materializedView),
  }
}

function type(one: DataType): DataType {
  const plain = canonical(one)
  if (plain.kind === 'enum' || plain.kind === 'domain') return { ...plain, ...clipped(plain) }
  if (plain.kind === 'array') return { ...plain, of: type(plain.of) }
  return plain.kind === 'native' ? defined({ kind: 'native', postgres: plain.postgres }) : plain
}

function domain(one: Domain): Domain {
  return defined<Domain>({
    ...one,
    ...clipped(one),
    type: type(one.type),
    default: canonicalDefault(one.default, one.type),
    checks: one.checks.map(check),
    comment: one.comment || undefined,
  })
}

function sequence(one: Sequence): Sequence {
  const { increment, start, minValue, maxValue, cache, cycle, ownedBy, type: kind, ...rest } = one
  const integer = integerKind(kind)
  return defined<Sequence>({
    ...rest,
    ...clipped(one),
    type: integer === 'bigint' ? undefined : integer,
    ...sequenceDefaults({ increment, start, minValue, maxValue, cache, cycle }, integer),
    ownedBy: ownedBy && { table: clip(ownedBy.table), column: clip(ownedBy.column) },
  })
}

function table(one: Table): Table {
  const { strict: _strict, withoutRowid: _rowid, unmanaged: _unmanaged, ...rest } = one
  const keys = new Set(one.primaryKey?.columns)
  return defined<Table>({
    ...rest,
    ...clipped(one),
    columns: one.columns.map((each) => column(each, keys.has(each.name))),
    primaryKey: one.primaryKey && key(one.primaryKey),
    uniques: one.uniques.map(unique),
    checks: one.checks.map(check),
    foreignKeys: one.foreignKeys.map(foreignKey),
    excludes: one.excludes.map((each) => exclusion(each, one.columns)),
    indexes: one.indexes.map((each) => index(each, one.columns)),
    with: storage(one.with),
    inherits: one.inherits && clips(one.inherits),
    policies: one.policies?.map(projectPolicy),
    comment: one.comment || undefined,
  })
}

/** Keys, serials and identities are NOT NULL, said or not; a serial's default is its own affair. */
function column(one: Column, inKey: boolean): Column {
  const { autoincrement: _auto, onConflict: _conflict, serial, ...rest } = one
  const isSerial = serial === true && ['smallint', 'integer', 'bigint'].includes(one.type.kind)
  return defined<Column>({
    ...rest,
    name: clip(one.name),
    type: type(one.type),
    nullable: one.nullable && !inKey && !isSerial && one.identity === undefined,
    default: isSerial ? undefined : canonicalDefault(one.default, one.type),
    identity: one.identity && identity(one.identity, one.type),
    serial: isSerial ? true : undefined,
    comment: one.comment || undefined,
  })
}

function identity({ generated, ...options }: Identity, of: DataType): Identity {
  return { generated, ...sequenceDefaults(options, integerKind(of.kind)) }
}

function named<T extends { readonly name: string; readonly implicit?: true }>(one: T): Omit<T, 'implicit'> {
  const { implicit: _, ...rest } = one
  return { ...rest, name: clip(one.name) }
}

function key<T extends PrimaryKey>(one: T): Omit<T, 'implicit' | 'onConflict' | 'descending'> & PrimaryKey {
  const { onConflict: _, descending: __, ...rest } = one
  return defined({
    ...named(rest),
    columns: clips(one.columns),
    include: one.include === undefined || one.include.length === 0 ? undefined : clips(one.include),
  }) as Omit<T, 'implicit' | 'onConflict' | 'descending'> & PrimaryKey
}

function unique(one: Unique): Unique {
  return key(one)
}

function check(one: Check): Check {
  return named(one)
}

function foreignKey(one: ForeignKey): ForeignKey {
  const references = { ...one.references, ...clipped(one.references), columns: clips(one.references.columns) }
  return { ...named(one), columns: clips(one.columns), references }
}

function exclusion(one: Exclusion, columns: readonly Column[]): Exclusion {
  return defined<Exclusion>({
    ...named(one),
    elements: one.elements.map((each) => ({ ...indexKey(each, columns), with: each.with })),
    include: one.include === undefined || one.include.length === 0 ? undefined : clips(one.include),
  })
}

/** @param columns of the table; absent where nobody knows them */
function index(one: Index, columns: readonly Column[] = []): Index {
  return defined<Index>({
    ...one,
    name: clip(one.name),
    keys: one.keys.map((each) => indexKey(each, columns)),
    include: one.include === undefined || one.include.length === 0 ? undefined : clips(one.include),
    with: storage(one.with),
  })
}

/** Nulls come last in an ascending key and first in a descending one, and a column has its own collation, unless it says otherwise. */
function indexKey(one: IndexKey, columns: readonly Column[]): IndexKey {
  const usual = one.sort === 'desc' ? 'first' : 'last'
  const column = columns.find((each) => each.name === one.column)
  const own = column === undefined ? undefined : column.collation ?? 'default'
  return defined<IndexKey>({
    ...one,
    column: one.column === undefined ? undefined : clip(one.column),
    nulls: one.nulls === usual ? undefined : one.nulls,
    collation: one.collation === own ? undefined : one.collation,
  })
}

function storage(options: Table['with']): Table['with'] {
  const entries = Object.entries(options ?? {})
  if (entries.length === 0) return undefined
  return Object.fromEntries(
    entries.map(([name, each]): [string, Scalar] => [name.toLowerCase(), parameter(each)]),
  )
}

/** The names of a view's columns are part of its query, where words tell which is which. */
function shownAs(
  query: string,
  columns: View['columns'],
): Pick<View, 'columns'> & { readonly query: string } {
  const named = columns === undefined ? query : withColumnNames(query, columns)
  return named === undefined ? defined({ query, columns: columns && clips(columns) }) : { query: named }
}

/** Of SQL that has a text for each dialect, PostgreSQL's. The names of a view's columns are part of its query there. */
function view({ columns, ...one }: View): View {
  return { ...one, ...clipped(one), ...shownAs(sqlFor(one.query, 'postgres') ?? '', columns) }
}

function materializedView({ columns, ...one }: MaterializedView): MaterializedView {
  return defined<MaterializedView>({
    ...one,
    ...clipped(one),
    ...shownAs(one.query, columns),
    indexes: one.indexes.map((each) => index(each)),
    using: one.using === 'heap' ? undefined : one.using,
    with: storage(one.with),
  })
}
