/**
 * Reading a PostgreSQL schema: catalog rows in, model out. Left out are what extensions brought, partitions (their
 * parent is there) and temporary tables; what the model has no words for (aggregates, foreign tables) is named in its
 * `unmanaged`.
 */
import { sameName } from '../../model/edit.ts'
import { byKey, identical, keyOf } from '../../model/identical.ts'
import type { Check, Domain, Enum, Model, QualifiedName, Sequence, Table, View } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Connection, IntrospectOptions, Row } from '../dialect.ts'
import { readCatalog } from './catalog.ts'
import { canonicalDefault } from './default.ts'
import { loadParser, unwrapped } from './expression.ts'
import { code } from './introspect-code.ts'
import { table } from './introspect-table.ts'
import { integerKind, sequenceDefaults } from './options.ts'
import { readingOf, sequenceOptions, typeOf } from './reading.ts'
import type { Reading } from './reading.ts'
import { bare } from '../../model/sql-text.ts'
import { list, text, textOr } from './row.ts'

/**
 * The schema of the database, as the model says it. Objects of the current schema have no schema in their names. Also
 * loads the parser by which expressions are compared, unless `uncompared`.
 */
export async function introspect(connection: Connection, options: IntrospectOptions = {}): Promise<Model> {
  const parser = options.uncompared ? undefined : loadParser()
  const [catalog] = await Promise.all([readCatalog(connection, options), parser])
  const reading = readingOf(catalog)
  const except = (name: QualifiedName) => options.except?.some((one) => sameName(one, name)) === true
  const kept = catalog.relations.filter((row) => !except(reading.named(row['schema'], text(row, 'name'))))
  const home = catalog.settings[0]?.['schema']
  const likely = byKey((await options.likely?.())?.tables ?? [])
  return {
    schemas: catalog.schemas.map((row) => text(row, 'name')).filter((name) =>
      name !== home && name !== 'public'
    ),
    extensions: catalog.extensions.map((row) => reading.named(row['schema'], text(row, 'name'))),
    enums: catalog.enums.map((row) => enumeration(reading, row)),
    domains: catalog.domains.map((row) => domain(reading, row)),
    sequences: sequences(reading, except),
    tables: kept.filter((row) => row['kind'] !== 'v').map((row) => recognised(table(reading, row), likely)),
    views: kept.filter((row) => row['kind'] === 'v').map((row) => view(reading, row)),
    ...code(reading, except),
  }
}

/** The likely table itself where it is this one; a name that was given and one that came by itself are one to the server. */
function recognised(table: Table, likely: ReadonlyMap<string, Table>): Table {
  const other = likely.get(keyOf(table))
  return other !== undefined && identical(table, other, 'implicit') ? other : table
}

function enumeration(reading: Reading, row: Row): Enum {
  return defined<Enum>({
    ...reading.named(row['schema'], text(row, 'name')),
    values: list<string>(row, 'values'),
    comment: textOr(row, 'comment'),
  })
}

interface DomainCheck {
  readonly name: string
  readonly definition: string
  readonly valid: boolean
  readonly comment: string | null
}

function domain(reading: Reading, row: Row): Domain {
  const type = typeOf(reading, row)
  const value = textOr(row, 'default_value')
  return defined<Domain>({
    ...reading.named(row['schema'], text(row, 'name')),
    type,
    nullable: row['not_null'] !== true,
    default: value === undefined ? undefined : canonicalDefault({ expression: unwrapped(value) }, type),
    collation: textOr(row, 'collation'),
    checks: list<DomainCheck>(row, 'checks').map(domainCheck),
    comment: textOr(row, 'comment'),
  })
}

/** pg_get_expr() cannot write a domain's constraint: its definition is taken apart. */
function domainCheck(one: DomainCheck): Check {
  const expression = one.definition.replace(/^CHECK /, '').replace(/ NOT VALID$/, '')
  return defined<Check>({
    name: one.name,
    expression: unwrapped(expression),
    valid: one.valid ? undefined : false,
    comment: one.comment ?? undefined,
  })
}

/** Those that do not belong to a serial or identity column. */
function sequences(reading: Reading, except: (name: QualifiedName) => boolean): readonly Sequence[] {
  const tables = new Map(reading.catalog.relations.map((row) => [row['oid'], row]))
  return reading.catalog.sequences.flatMap((row): Sequence[] => {
    if (row['owned'] === 'i') return []
    const column = reading.of('columns', row['owner']).find((one) => one['number'] === row['owner_column'])
    if (column !== undefined && reading.isSerial(column, row)) return []
    const owner = tables.get(row['owner'])
    if (owner !== undefined && except(reading.named(owner['schema'], text(owner, 'name')))) return []
    const type = integerKind(text(row, 'type'))
    return [defined<Sequence>({
      ...reading.named(row['schema'], text(row, 'name')),
      type: type === 'bigint' ? undefined : type,
      ...sequenceDefaults(sequenceOptions(row), type),
      ownedBy: owner === undefined || column === undefined
        ? undefined
        : { table: text(owner, 'name'), column: text(column, 'name') },
      comment: textOr(row, 'comment'),
    })]
  })
}

function view(reading: Reading, row: Row): View {
  const options = new Map(list<string>(row, 'options').map((one) => one.split('=', 2) as [string, string]))
  const checked = options.get('check_option')
  const isOn = (option: string) => /^(true|on|1)$/.test(options.get(option) ?? '')
  return defined<View>({
    ...reading.named(row['schema'], text(row, 'name')),
    query: bare(text(row, 'query')),
    comment: textOr(row, 'comment'),
    securityInvoker: isOn('security_invoker') ? true : undefined,
    securityBarrier: isOn('security_barrier') ? true : undefined,
    checkOption: checked === 'local' || checked === 'cascaded' ? checked : undefined,
  })
}
