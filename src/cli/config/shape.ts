/** The shape of limbeck.yaml: `schemas/config.schema.json` is generated from it. */
import { Type } from 'typebox'
import { COMPARED_KINDS } from '../../diff/kinds.ts'
import { DURATION } from '../../duration.ts'
import { fields, flag, name, optional, text, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { SETTINGS_SHAPE } from '../../revision/document.ts'
import type { Settings } from '../../revision/document.ts'

const folders = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
], {
  description: 'The folder of revision files, or several. Default: revisions.',
})

const models = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
  fields({ url: text('The URL of a database that has the schema.') }),
  fields({ sql: text('A file of SQL that makes it, run in a scratch database.') }),
  fields({ command: text('A command that prints a models document.') }),
], {
  description:
    'The schema that the database shall have: patterns of models files (default: all .yaml and .yml in models/ and in ' +
    'the folders in it), or { url }, { sql } or { command }.',
})

/** SQLAlchemy's tokens, as `conventionalName` fills them in. */
const NAMING =
  '^(?:[^%]|%\\((?:table_name|referred_table_name|constraint_name|(?:referred_)?column_\\d+(?:_?N)?_(?:name|label|key))\\)s)+$'
const pattern = (example: string) =>
  Type.String({ pattern: NAMING, description: `With SQLAlchemy's tokens: ${example}` })

const namingShape = fields({
  primary_key: optional(pattern('pk_%(table_name)s')),
  unique: optional(pattern('uq_%(table_name)s_%(column_0_name)s')),
  foreign_key: optional(pattern('fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s')),
  check: optional(pattern('ck_%(table_name)s_%(column_0_name)s')),
  exclude: optional(pattern('ex_%(table_name)s')),
  index: optional(pattern('ix_%(table_name)s_%(column_0_name)s')),
}, "Names for constraints that have none, as SQLAlchemy's naming_convention.")

const compared = Type.String({
  pattern: `^(?:(?:${COMPARED_KINDS.join('|')}):.*|[^:]+)$`,
  description: `A name, with * and ?; before it may stand a kind: ${
    COMPARED_KINDS.map((one) => `${one}:`).join(' ')
  }`,
})

const time = (description: string) => Type.String({ pattern: DURATION, description })

const own = {
  database: optional(
    text('The URL of the database. ${VAR} and ${VAR:-default} are read from the environment.'),
  ),
  revisions: optional(folders),
  recursive: optional(flag('Whether folders inside the revision folders are read. Default false.')),
  models: optional(models),
  include: optional(Type.Array(compared, {
    description:
      'What --autogenerate and check look at, as patterns: users, app.*, users.email, view:report_*. Default: all.',
  })),
  exclude: optional(Type.Array(compared, {
    description: 'What they leave as it is: legacy_*, users.old_*, grant:*, extension:*.',
  })),
  version_table: optional(name('Default: alembic_version.')),
  version_table_schema: optional(name('The schema it is in (PostgreSQL).')),
  schemas: optional(Type.Array(Type.String({ minLength: 1 }), {
    description:
      'Schemas to look at besides the default one (PostgreSQL). Default: all; compared are those that models or revisions name.',
  })),
  file_template: optional(text('The names of new files. Default: %(rev)s_%(slug)s.')),
  truncate_slug_length: optional(Type.Integer({ minimum: 1, description: 'Default: 40.' })),
  timezone: optional(text('The time zone of dates in new files: Europe/Berlin. Default: UTC.')),
  naming: optional(namingShape),
  transaction: optional(
    words(['per_revision', 'all'], 'per_revision (default), or all: one for everything.'),
  ),
  strict: optional(
    flag('Whether upgrade refuses when an applied revision was changed since. Default false: it warns.'),
  ),
  protect: optional(
    flag(
      'Whether a downgrade that destroys data demands --yes: for production. Default false: it asks, or tells.',
    ),
  ),
  settings: optional(Type.Unsafe<Settings>(SETTINGS_SHAPE)),
  wait: optional(time('How long to wait for a database that does not answer yet: 60s. Default: 0.')),
  lock_wait: optional(time('How long to wait for another migration of the database. Default: 5m.')),
  retry_for: optional(
    time('How long to try again what a lock, a deadlock or a lost connection made fail. Default: 2m.'),
  ),
  post_write_hooks: optional(Type.Array(
    fields({
      command: text(
        'A command; {}, or REVISION_SCRIPT_FILENAME, stands for the new file, which else comes last.',
      ),
      name: optional(name('What messages call it.')),
    }),
    { description: 'Commands run on every new revision file.' },
  )),
}

export const configShape = fields({
  ...own,
  environments: optional(Type.Record(Type.String(), fields(own), {
    description: 'Named overrides, chosen with -n.',
  })),
})

export type ConfigFile = Spec<typeof configShape>
