/** What fields are called in Alembic and SQLAlchemy, and here: who knows those types their words. */
import { ownValue } from '../../own-value.ts'

const CALLED: Readonly<Record<string, readonly string[]>> = {
  // operations
  table_name: ['table', 'name'],
  source_table: ['table'],
  source: ['table'],
  table: ['name'],
  column_name: ['column', 'name'],
  name: ['column'],
  index_name: ['name'],
  constraint_name: ['name'],
  old_table_name: ['name'],
  new_table_name: ['new_name'],
  new_column_name: ['new_name'],
  referent_table: ['references'],
  referent: ['references'],
  remote_cols: ['references'],
  referent_schema: ['references'],
  source_schema: ['schema'],
  local_cols: ['columns'],
  sqltext: ['condition', 'sql', 'query', 'body'],
  sql: ['query', 'body'],
  definition: ['query', 'body'],
  type_: ['type'],
  // columns and tables
  server_default: ['default'],
  computed: ['generated'],
  foreign_key: ['references'],
  pk: ['primary_key'],
  unique_constraints: ['unique'],
  check_constraints: ['checks'],
  // revision files
  revision: ['id'],
  revises: ['down_revision'],
  create_date: ['created'],
  doc: ['message'],
  // limbeck.yaml
  'sqlalchemy.url': ['database'],
  url: ['database'],
  script_location: ['revisions'],
  version_locations: ['revisions'],
  recursive_version_locations: ['recursive'],
  target_metadata: ['models'],
  include_schemas: ['schemas'],
  include_name: ['include'],
  include_object: ['include'],
  hooks: ['post_write_hooks'],
  ix: ['index'],
  uq: ['unique'],
  ck: ['check'],
  fk: ['foreign_key'],
}

const KNOWN_ANYWAY = 'leave it out: limbeck knows what is there'
const NOT_NULL = 'what takes no NULL says `nullable: false`'
const ALWAYS = 'leave it out: that is always so'

const NEEDLESS: Readonly<Record<string, string>> = {
  existing_type: KNOWN_ANYWAY,
  existing_nullable: KNOWN_ANYWAY,
  existing_server_default: KNOWN_ANYWAY,
  existing_comment: KNOWN_ANYWAY,
  not_null: NOT_NULL,
  notnull: NOT_NULL,
  null: NOT_NULL,
  required: NOT_NULL,
  length: 'it belongs to the type: varchar(30)',
  transaction_per_migration: 'leave it out: that is so unless `transaction: all` says otherwise',
  render_as_batch: ALWAYS,
  compare_type: ALWAYS,
  compare_server_default: ALWAYS,
}

/**
 * What a field that is not known is called here.
 * @param fields those that are not given yet
 */
export function calledHere(word: string, fields: readonly string[]): string | undefined {
  const names = ownValue(CALLED, word) ?? [word.replace(/^(?:postgresql|sqlite)_/, '')]
  return names.find((name) => fields.includes(name))
}

/** What is done here where others have a field. */
export function needless(word: string): string | undefined {
  return ownValue(NEEDLESS, word)
}
