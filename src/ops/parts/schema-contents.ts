/** What is in a schema: naming it, taking it out of the model, and the operations that make it again. */
import type { DataType, Model, QualifiedName } from '../../model/model.ts'
import { shown } from '../../model/edit.ts'
import { signature } from '../../model/routine.ts'
import { isRaw } from '../../model/trigger.ts'
import { element } from '../../model/types.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromForeignKey } from './constraint-model.ts'
import { fromDomain } from './domain.ts'
import { fromSequence } from './sequence.ts'
import { fromTable } from './from-table.ts'
import { restoreLostGrants } from './grant.ts'
import { fromMaterializedView } from './materialized-view.ts'
import { fromRoutine } from './on-routine.ts'
import { restoreRowSecurity } from './policy.ts'
import { restoreLostTriggers } from './trigger.ts'
import { fromView } from './view.ts'

const PARTS = [
  ['enums', 'enum'],
  ['domains', 'domain'],
  ['sequences', 'sequence'],
  ['tables', 'table'],
  ['views', 'view'],
  ['materializedViews', 'materialized view'],
] as const

function isIn(one: { readonly schema?: string }, schema: string): boolean {
  return one.schema === schema
}

/** `table billing.invoices`, `enum billing.state`… */
export function contentsOf(model: Model, schema: string): string[] {
  const objects = PARTS.flatMap(([part, word]) =>
    (model[part] as readonly QualifiedName[]).filter((one) => isIn(one, schema))
      .map((one) => `${word} ${shown(one)}`)
  )
  const functions = model.functions.filter((one) => isIn(one, schema))
    .map((one) => `${one.kind} ${signature(one)}`)
  const triggers = model.triggers.filter((one) => isIn(one, schema)).map((one) => `trigger ${shown(one)}`)
  const extensions = model.extensions.filter((one) => isIn(one, schema)).map((one) => `extension ${one.name}`)
  return [...extensions, ...objects, ...functions, ...triggers]
}

/** The columns and domains outside a schema that are of an enum or domain in it. */
export function typesUsedOutside(model: Model, schema: string): string[] {
  const uses = (type: DataType) => {
    const one = element(type)
    return (one.kind === 'enum' || one.kind === 'domain') && isIn(one, schema)
  }
  const columns = model.tables.filter((one) => !isIn(one, schema)).flatMap((table) =>
    table.columns.filter((one) => uses(one.type)).map((one) => `${shown(table)}.${one.name}`)
  )
  return [...columns, ...model.domains.filter((one) => !isIn(one, schema) && uses(one.type)).map(shown)]
}

/** The model without what is in a schema, and without the foreign keys that refer to it. */
export function withoutContents(model: Model, schema: string): Model {
  const outside = <T extends { readonly schema?: string }>(list: readonly T[]) =>
    list.filter((one) => !isIn(one, schema))
  return {
    ...model,
    extensions: outside(model.extensions),
    enums: outside(model.enums),
    domains: outside(model.domains),
    sequences: outside(model.sequences),
    views: outside(model.views),
    materializedViews: outside(model.materializedViews),
    functions: outside(model.functions),
    // A trigger elsewhere goes with the function it calls.
    triggers: outside(model.triggers).filter((one) =>
      isRaw(one) || one.function === undefined || !isIn(one.function, schema)
    ),
    grants: outside(model.grants).filter((one) => one.on !== 'schema' || one.name !== schema),
    tables: outside(model.tables).map((table) => {
      const foreignKeys = table.foreignKeys.filter((key) => !isIn(key.references, schema))
      return foreignKeys.length === table.foreignKeys.length ? table : { ...table, foreignKeys }
    }),
  }
}

/**
 * The operations that make the contents of a schema again, and the foreign keys from outside. Foreign keys come after
 * all tables, since these may refer to each other in a circle.
 */
export function createContents(model: Model, schema: string): Operation[] {
  const inside = <T extends { readonly schema?: string }>(list: readonly T[]) =>
    list.filter((one) => isIn(one, schema))
  const kept = withoutContents(model, schema)
  const tables = inside(model.tables)
  const keys = model.tables.flatMap((table) =>
    table.foreignKeys.filter((key) => isIn(table, schema) || isIn(key.references, schema))
      .map((key): Operation => ({
        op: 'create_foreign_key',
        ...defined({ table: table.name, schema: table.schema }),
        ...fromForeignKey(key),
      }))
  )
  const owned = inside(model.sequences).filter((one) => one.ownedBy !== undefined)
  return [
    ...inside(model.extensions).map((one): Operation => ({ op: 'create_extension', ...one })),
    ...inside(model.enums).map((one): Operation => ({ op: 'create_enum', ...one })),
    ...inside(model.domains).map((one): Operation => ({ op: 'create_domain', ...fromDomain(one, model) })),
    ...inside(model.sequences).map((one): Operation => ({
      op: 'create_sequence',
      ...fromSequence({ ...one, ownedBy: undefined }),
    })),
    ...tables.map((one): Operation => ({
      op: 'create_table',
      ...fromTable({ ...one, foreignKeys: [] }, model),
    })),
    ...owned.map(({ name, ownedBy }): Operation => ({
      op: 'alter_sequence',
      name,
      schema,
      owned_by: ownedBy!,
    })),
    ...keys,
    ...inside(model.views).map((one): Operation => ({ op: 'create_view', ...fromView(one) })),
    ...inside(model.functions).map((one) => fromRoutine(one)),
    ...tables.flatMap(restoreRowSecurity),
    ...inside(model.materializedViews).map((one): Operation => ({
      op: 'create_materialized_view',
      ...fromMaterializedView(one),
    })),
    ...restoreLostTriggers(model, kept),
    ...restoreLostGrants(model, kept),
  ]
}
