/** All that a database holds, as far as it must be the same after every run: schema, rows, heads, journal. */
import type { Connection, Dialect, Row } from '../../src/dialect/dialect.ts'
import { dialectOf } from '../../src/dialect/index.ts'

const OWN = [{ name: 'alembic_version' }, { name: 'limbeck_journal' }]

export interface State {
  readonly model: unknown
  readonly rows: Readonly<Record<string, readonly string[]>>
  readonly heads: readonly string[]
  readonly journal: readonly string[]
}

/** Reads it. */
export async function stateOf(url: string): Promise<State> {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd: '/', create: false })
  try {
    return await read(connection, dialect)
  } finally {
    await connection.close()
  }
}

async function read(connection: Connection, dialect: Dialect): Promise<State> {
  const model = await dialect.introspect(connection, { except: OWN })
  const rows: Record<string, readonly string[]> = {}
  for (const { name } of model.tables) {
    const columns = await connection.query(`SELECT * FROM ${dialect.spelling.name(name)}`)
    rows[name] = columns.map(untimed).sort()
  }
  const heads = await connection.query('SELECT version_num FROM alembic_version ORDER BY 1')
  const journal = await connection.query(
    `SELECT revision, direction, status, statements, progress FROM limbeck_journal ORDER BY entry`,
  )
  return { model, rows, heads: heads.map((one) => String(one['version_num'])), journal: journal.map(shown) }
}

function shown(row: Row): string {
  return JSON.stringify(row)
}

/** A time that a default gave is another one each time. */
function untimed({ seen: _, ...row }: Row): string {
  return shown(row)
}
