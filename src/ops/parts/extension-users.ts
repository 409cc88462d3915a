/** What certainly needs an extension, so that PostgreSQL does not drop it. */
import { ownValue } from '../../own-value.ts'
import { shown } from '../../model/edit.ts'
import type { DataType, IndexKey, Model } from '../../model/model.ts'

/** What is an extension's alone. */
interface Brought {
  readonly types?: readonly string[]
  /** Operator classes that have to be named: no defaults. */
  readonly opclasses?: readonly string[]
  readonly methods?: readonly string[]
}

/** Of the extensions that PostgreSQL ships (its manual, "Additional Supplied Modules"), PostGIS and pgvector. */
const BROUGHT: Readonly<Record<string, Brought>> = {
  bloom: { methods: ['bloom'] },
  citext: { types: ['citext'], opclasses: ['citext_pattern_ops'] },
  cube: { types: ['cube'] },
  hstore: { types: ['hstore'] },
  intarray: { types: ['query_int'], opclasses: ['gin__int_ops', 'gist__intbig_ops'] },
  isn: { types: ['ean13', 'isbn', 'isbn13', 'ismn', 'ismn13', 'issn', 'issn13', 'upc'] },
  ltree: { types: ['lquery', 'ltree', 'ltxtquery'] },
  pg_trgm: { opclasses: ['gin_trgm_ops', 'gist_trgm_ops'] },
  postgis: { types: ['geography', 'geometry'] },
  seg: { types: ['seg'] },
  vector: { types: ['halfvec', 'sparsevec', 'vector'], methods: ['hnsw', 'ivfflat'] },
}

/** The functions of triggers that the extensions shipped with PostgreSQL bring. */
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  autoinc: ['autoinc'],
  insert_username: ['insert_username'],
  lo: ['lo_manage'],
  moddatetime: ['moddatetime'],
  refint: ['check_foreign_key', 'check_primary_key'],
  tcn: ['triggered_change_notification'],
}

/** Those of others that are known, and bring none. */
const WITHOUT: ReadonlySet<string> = new Set([
  ...Object.keys(BROUGHT),
  ...[
    'btree_gin',
    'btree_gist',
    'dblink',
    'earthdistance',
    'file_fdw',
    'fuzzystrmatch',
    'pgcrypto',
    'plpgsql',
  ],
  ...['pg_stat_statements', 'postgres_fdw', 'tablefunc', 'unaccent', 'uuid-ossp'],
])

/** Whether an extension brings a function of triggers, or may: nobody knows all that there are. */
export function mayBringTrigger({ extensions }: Model, name: string): boolean {
  return extensions.some((one) => ownValue(TRIGGERS, one.name)?.includes(name) ?? !WITHOUT.has(one.name))
}

/** In words: `column "users.email"`, `the index "ix"`. Of an extension that is not known, nothing. */
export function extensionUsers(model: Model, extension: string): string[] {
  const brought = ownValue(BROUGHT, extension)
  if (brought === undefined) return []
  const { types = [], opclasses = [], methods = [] } = brought
  const isOfIt = (type: DataType) => types.includes(bareType(type))
  const indexed = (one: { readonly using?: string }, keys: readonly IndexKey[]) =>
    (one.using !== undefined && methods.includes(one.using)) ||
    keys.some(({ opclass }) => opclass !== undefined && opclasses.includes(bare(opclass)))
  return [
    ...model.tables.flatMap((table) => [
      ...table.columns.filter((one) => isOfIt(one.type)).map((one) => `column "${shown(table)}.${one.name}"`),
      ...table.excludes.filter((one) => indexed(one, one.elements))
        .map((one) => `the exclusion constraint "${one.name}"`),
    ]),
    ...[...model.tables, ...model.materializedViews].flatMap(({ indexes }) =>
      indexes.filter((one) => indexed(one, one.keys)).map((one) => `the index "${one.name}"`)
    ),
    ...model.domains.filter((one) => isOfIt(one.type)).map((one) => `the domain "${shown(one)}"`),
  ]
}

/** `citext` of `public.citext`. */
function bare(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).replaceAll('"', '')
}

/** The name of a type that is passed through as written, without a schema, a modifier and brackets. */
function bareType(type: DataType): string {
  if (type.kind === 'array') return bareType(type.of)
  return type.kind === 'native' ? bare((type.postgres ?? '').replace(/\s*[([].*$/s, '').toLowerCase()) : ''
}
