/** The script of the README: what it prints of SQLAlchemy's metadata is the schema that create_all() makes. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { diff } from '../../src/diff/index.ts'
import { loadModels } from '../../src/models/load.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { connect } from '../support/database.ts'
import { withPostgres } from '../support/postgres.ts'

const SCRIPT = path.resolve(import.meta.dirname!, '../../scripts/sqlalchemy_models.py')
const PYTHON = ['python3', '/usr/bin/python3'].find((python) =>
  spawnSync(python, ['-c', 'import sqlalchemy; assert sqlalchemy.__version__ >= "2"']).status === 0
)

Deno.test({
  name: 'what the script prints of SQLAlchemy metadata is what create_all() makes',
  ignore: PYTHON === undefined,
  fn: () =>
    withPostgres(async (url) => {
      const cwd = import.meta.dirname!
      const env = { ...Deno.env.toObject(), PYTHONDONTWRITEBYTECODE: '1' }
      const { stdout, stderr } = spawnSync(PYTHON!, ['sqlalchemy_example.py'], { cwd, env, encoding: 'utf8' })
      assert.equal(stderr, '')
      const connection = await connect(postgres, url)
      try {
        await connection.run(['CREATE SCHEMA app', stdout])
        const command = `${PYTHON} ${SCRIPT} sqlalchemy_example`
        const options = { root: cwd, env, database: url }
        const models = await loadModels({ command }, postgres, options)
        const live = await postgres.introspect(connection)
        const desired = await postgres.normalise!(connection, models, live)
        assert.deepEqual(diff(live, desired, postgres, { server: connection.server }).operations, [])
      } finally {
        await connection.close()
      }
    }),
})
