import { postgres } from '../../src/dialect/postgres/index.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import { connect } from '../support/database.ts'
import { assertWrittenAgain, create } from '../support/inspected.ts'
import { postgresServer, versionNumber, withPostgres } from '../support/postgres.ts'
import { trialsOf } from '../support/trials.ts'
import type { CaseTrial } from '../support/trials.ts'

let shared: Connection | undefined

Deno.test.beforeAll(async () => {
  shared = await connect(postgres, (await postgresServer()).url)
})
Deno.test.afterAll(async () => {
  await shared?.close()
})

async function attempt({ given, operations }: CaseTrial, connection: Connection): Promise<void> {
  await create(connection, postgres, [...given, ...operations])
  await assertWrittenAgain(await postgres.introspect(connection), postgres)
}

/** What cannot run in a transaction gets a database of its own. */
async function alone(trial: CaseTrial): Promise<void> {
  await withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      await attempt(trial, connection)
    } finally {
      await connection.close()
    }
  })
}

for (const trial of trialsOf(postgres, versionNumber(18))) {
  Deno.test({
    name: `PostgreSQL: inspect is idempotent: ${trial.file}`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      if (trial.forbidden) return await alone(trial)
      await shared!.begin()
      try {
        await attempt(trial, shared!)
      } finally {
        await shared!.rollback()
      }
    },
  })
}
