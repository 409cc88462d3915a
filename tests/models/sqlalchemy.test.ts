/** The script of the README: what it prints of SQLAlchemy's metadata is the schema that create_all() makes. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { diff } from '../../src/diff/index.ts'
import { loadModels } from '../../src/models/load.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect } from '../support/database.ts'
import { withPostgres } from '../support/postgres.ts'

const SCRIPT = path.resolve(import.meta.dirname!, '../../scripts/sqlalchemy_models.py')
const PYTHON = ['python3', '/usr/bin/python3'].find((python) =>
  spawnSync(python, ['-c', 'import sqlalchemy; assert sqlalchemy.__version__ >= "2"']).status === 0
)

/** Finds nothing to do between what create_all() made and what the script prints. */
async function assertSame(dialect: Dialect, url: string, name: string, sqlalchemy: string): Promise<void> {
  const cwd = import.meta.dirname!
  const env = { ...Deno.env.toObject(), PYTHONDONTWRITEBYTECODE: '1' }
  const example = ['sqlalchemy_example.py', name, sqlalchemy]
  const { stdout, stderr } = spawnSync(PYTHON!, example, { cwd, env, encoding: 'utf8' })
  assert.equal(stderr, '')
  const connection = await connect(dialect, url)
  try {
    if (dialect === postgres) await connection.run(['CREATE SCHEMA app'])
    await connection.run([stdout])
    const command = `${PYTHON} ${SCRIPT} sqlalchemy_example:${name}`
    const models = await loadModels({ command }, dialect, { root: cwd, env, database: url })
    const live = await dialect.introspect(connection)
    const desired = await dialect.normalise?.(connection, models, live) ?? models
    assert.deepEqual(diff(live, desired, dialect, { server: connection.server }).operations, [])
  } finally {
    await connection.close()
  }
}

Deno.test({
  name: 'what the script prints of SQLAlchemy metadata is what create_all() makes: PostgreSQL',
  ignore: PYTHON === undefined,
  fn: () => withPostgres((url) => assertSame(postgres, url, 'metadata', 'postgresql')),
})

Deno.test({
  name: 'what the script prints of SQLAlchemy metadata is what create_all() makes: SQLite',
  ignore: PYTHON === undefined,
  fn: () => assertSame(sqlite, 'sqlite://', 'local', 'sqlite'),
})
