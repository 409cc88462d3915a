import { postgres } from '../../src/dialect/postgres/index.ts'
import { connect } from '../support/database.ts'
import { testGenerated } from '../support/identify-trials.ts'
import { withPostgres } from '../support/postgres.ts'

testGenerated(postgres, 12, (work) =>
  withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      await work(connection)
    } finally {
      await connection.close()
    }
  }))
