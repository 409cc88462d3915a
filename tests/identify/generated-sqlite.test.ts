import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect } from '../support/database.ts'
import { testGenerated } from '../support/identify-trials.ts'

testGenerated(sqlite, 60, async (work) => {
  const connection = await connect(sqlite, 'sqlite://')
  try {
    await work(connection)
  } finally {
    await connection.close()
  }
})
