/** The second law on PostgreSQL: most trials run in one database, each in a transaction that is rolled back. */
import { postgres } from '../../src/dialect/postgres/index.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import type { Model } from '../../src/model/model.ts'
import { connect, RowsRefused, tryOperations } from './database.ts'
import type { Trial } from './database.ts'
import { assertWrittenAgain } from './inspected.ts'
import { versionNumber, withPostgres } from './postgres.ts'
import type { PostgresVersion } from './postgres.ts'
import { oneIn } from './sample.ts'
import { trialsOf } from './trials.ts'

interface PostgresTrial extends Trial {
  /** Whether some statement of it cannot run in a transaction: it gets a database of its own. */
  readonly forbidden: boolean
}

export interface PostgresTests {
  readonly version: PostgresVersion
  /** Registers a test that tries operations, by a function that returns the schema as it was read after them. */
  register(name: string, work: (attempt: (trial: PostgresTrial) => Promise<Model>) => Promise<unknown>): void
}

/**
 * Tests that share a connection to a database of their own: the transactions of two files would wait for one another where
 * they give objects the same names.
 */
export function postgresTests(version: PostgresVersion): PostgresTests {
  let shared: Connection | undefined
  let end = () => {}
  let ended: Promise<void> | undefined
  Deno.test.beforeAll(() =>
    new Promise<void>((begin, fail) => {
      const over = new Promise<void>((resolve) => end = resolve)
      ended = withPostgres(async (url) => {
        shared = await connect(postgres, url)
        // A fifth of a trial's time would go into the order in which the catalogs, which are small, are joined.
        await shared.query('SET join_collapse_limit = 1')
        begin()
        await over
        await shared.close()
      }, version)
      ended.catch(fail)
    })
  )
  Deno.test.afterAll(async () => {
    end()
    await ended
  })
  return {
    version,
    register(name, work) {
      // The connection outlives the test in which it is busy.
      Deno.test({
        name: `PostgreSQL ${version}: ${name}`,
        sanitizeOps: false,
        sanitizeResources: false,
        async fn() {
          await work((trial) => withRows(trial, shared!, version))
        },
      })
    },
  }
}

/**
 * Registers a test for each golden case that this version can run; on an older version for a third of them. What `inspect`
 * writes for the schema is that schema, too.
 */
export function registerPostgresTrials(version: PostgresVersion): void {
  const { register } = postgresTests(version)
  const trials = trialsOf(postgres, versionNumber(version))
  for (const trial of version === 18 ? trials : oneIn(3, trials)) {
    register(trial.file, async (attempt) => assertWrittenAgain(await attempt(trial), postgres))
  }
}

async function withRows(trial: PostgresTrial, shared: Connection, version: PostgresVersion): Promise<Model> {
  try {
    return await attempt(trial, shared, version, true)
  } catch (error) {
    if (!(error instanceof RowsRefused)) throw error
    return await attempt(trial, shared, version, false)
  }
}

async function attempt(
  trial: PostgresTrial,
  shared: Connection,
  version: PostgresVersion,
  rows: boolean,
): Promise<Model> {
  if (!trial.forbidden) {
    await shared.begin()
    try {
      return await tryOperations({ dialect: postgres, connection: shared, inTransaction: true }, trial, rows)
    } finally {
      await shared.rollback()
    }
  }
  return await withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      return await tryOperations({ dialect: postgres, connection, inTransaction: false }, trial, rows)
    } finally {
      await connection.close()
    }
  }, version)
}
