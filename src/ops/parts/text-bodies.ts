/**
 * Functions whose bodies are texts to PostgreSQL (https://www.postgresql.org/docs/current/xfunc-sql.html): what is renamed
 * keeps its old name in them, and they fail when they are called.
 */
import { string } from '../../dialect/ansi.ts'
import type { Model, Routine } from '../../model/model.ts'
import { isStandardBody, signature } from '../../model/routine.ts'
import { mayName, nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { Effect } from '../definition.ts'

function isNamed(body: string, name: string): boolean {
  return mayName(body, name) &&
    tokenize(body, 'postgres').some((token) =>
      (token.kind === 'word' || token.kind === 'quoted') && nameOf(token) === name
    )
}

function broken({ functions }: Model, said: string, which: (one: Routine) => boolean): Effect[] {
  return functions.filter((one) => !isStandardBody(one) && which(one)).map((one) => ({
    kind: 'breaks-readers',
    object: one.name,
    why: `the body of the ${one.kind} "${signature(one)}" goes on to say ${said}: replace it`,
  }))
}

/** The functions whose bodies name a table, a view or a type. */
export function bodiesNaming(model: Model, name: string): Effect[] {
  return broken(model, `"${name}"`, ({ body }) => isNamed(body, name))
}

/** The functions whose bodies name a column: they name its table, too, or are a trigger's (`NEW.email`). */
export function bodiesNamingColumn(model: Model, table: string, column: string): Effect[] {
  const isTriggers = ({ returns }: Routine) => returns?.toLowerCase() === 'trigger'
  return broken(
    model,
    `"${column}"`,
    (one) => isNamed(one.body, column) && (isTriggers(one) || isNamed(one.body, table)),
  )
}

/** The functions whose bodies have a string that is the value of an enum. */
export function bodiesSaying(model: Model, value: string): Effect[] {
  const literal = string(value)
  return broken(
    model,
    literal,
    ({ body }) => body.includes(literal) && tokenize(body, 'postgres').some(({ text }) => text === literal),
  )
}
