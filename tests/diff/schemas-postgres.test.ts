import fc from 'fast-check'
import { postgres } from '../../src/dialect/postgres/index.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import { converge } from '../support/converge.ts'
import { connect, RowsRefused } from '../support/database.ts'
import { runs, toldPair } from '../support/generate/runs.ts'
import { schema } from '../support/generate/schema.ts'
import { withPostgres } from '../support/postgres.ts'

/** An empty database, whatever was in it. */
async function emptied(connection: Connection): Promise<void> {
  await connection.run([
    'DROP SCHEMA IF EXISTS app CASCADE',
    'DROP SCHEMA public CASCADE',
    'CREATE SCHEMA public',
  ])
}

Deno.test('PostgreSQL: generated schemas of all kinds of objects converge', () =>
  withPostgres((one) =>
    withPostgres(async (other) => {
      const [changing, fresh] = [await connect(postgres, one), await connect(postgres, other)]
      try {
        await fc.assert(
          fc.asyncProperty(fc.gen(), async (choices) => {
            const { version } = changing.server
            const [from, to] = [schema(choices, postgres, version), schema(choices, postgres, version)]
            const attempt = async (rows: boolean) => {
              await emptied(changing)
              await emptied(fresh)
              await converge({ dialect: postgres, changing, fresh }, from, to, rows)
            }
            await toldPair(from, to, async () => {
              try {
                await attempt(true)
              } catch (error) {
                if (!(error instanceof RowsRefused)) throw error
                await attempt(false)
              }
            })
          }),
          runs(30),
        )
      } finally {
        await changing.close()
        await fresh.close()
      }
    })
  ))
