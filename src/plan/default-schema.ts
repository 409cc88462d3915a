/** The default schema of a database is the one that is not named: introspection leaves it out, too. */
import { fault, locate } from '../problem.ts'
import type { Server } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import { schema } from '../shape.ts'
import type { Placed } from './placed.ts'

/**
 * Where an operation names the default schema, later ones would not find what it makes.
 * @throws `default-schema`
 */
export function refuseDefaultSchema({ operation, locate: place }: Placed, server: Server): void {
  if (server.schema === undefined || !('schema' in operation) || operation.schema !== server.schema) return
  // The schema of an extension is none that it is in.
  const { properties } = definitionOf(operation).shape as {
    readonly properties?: Readonly<Record<string, unknown>>
  }
  if (properties?.schema !== schema) return
  locate(
    place,
    () =>
      fault('default-schema', `"${server.schema}" is the default schema here: it is not named`, {
        path: ['schema'],
        hint: `leave \`schema: ${server.schema}\` out`,
      }),
  )
}
