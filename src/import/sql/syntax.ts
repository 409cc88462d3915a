/** Whether SQL can be parsed, where there is a parser that knows. */
import type { DialectName } from '../../model/model.ts'

/** What is wrong with the syntax of a statement; undefined for nothing. */
export type Syntax = (sql: string) => string | undefined

const PARSERS: Readonly<Record<DialectName, () => Promise<Syntax | undefined>>> = {
  postgres: postgresSyntax,
  sqlite: () => Promise.resolve(undefined),
}

/**
 * The parser of a database's SQL: PostgreSQL's own (libpg-query).
 * @returns undefined where there is none, so that nothing can be told
 */
export function syntaxOf(dialect: DialectName): Promise<Syntax | undefined> {
  return PARSERS[dialect]()
}

async function postgresSyntax(): Promise<Syntax> {
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  return (sql) => {
    try {
      parseSync(sql)
      return undefined
    } catch (error) {
      // The library's SqlError: what the grammar says of the text.
      if (error instanceof Error && error.name === 'SqlError') return error.message
      throw error
    }
  }
}
