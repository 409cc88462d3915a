import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect } from '../support/database.ts'
import { assertWrittenAgain, create } from '../support/inspected.ts'
import { trialsOf } from '../support/trials.ts'

for (const trial of trialsOf(sqlite)) {
  Deno.test(`SQLite: inspect is idempotent: ${trial.file}`, async () => {
    const connection = await connect(sqlite, 'sqlite://')
    try {
      await create(connection, sqlite, [...trial.given, ...trial.operations])
      await assertWrittenAgain(await sqlite.introspect(connection), sqlite)
    } finally {
      await connection.close()
    }
  })
}
