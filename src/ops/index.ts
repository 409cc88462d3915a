/** The registry: every operation there is. `scripts/new-op.ts` adds the two lines of a new one. */
import type { Definition } from './definition.ts'
import { lookup, register } from './lookup.ts'
import { addColumn } from './add-column.ts'
import { addEnumValue } from './add-enum-value.ts'
import { alterColumn } from './alter-column/index.ts'
import { alterDomain } from './alter-domain.ts'
import { alterExtension } from './alter-extension.ts'
import { alterSequence } from './alter-sequence.ts'
import { backfill } from './backfill.ts'
import { bulkInsert } from './bulk-insert.ts'
import { createCheckConstraint } from './create-check-constraint.ts'
import { createDomain } from './create-domain.ts'
import { createEnum } from './create-enum.ts'
import { createExcludeConstraint } from './create-exclude-constraint.ts'
import { createExtension } from './create-extension.ts'
import { createForeignKey } from './create-foreign-key.ts'
import { createFunction } from './create-function.ts'
import { createIndex } from './create-index.ts'
import { createMaterializedView } from './create-materialized-view.ts'
import { createPolicy } from './create-policy.ts'
import { createPrimaryKey } from './create-primary-key.ts'
import { createProcedure } from './create-procedure.ts'
import { createSchema } from './create-schema.ts'
import { createSequence } from './create-sequence.ts'
import { createTable } from './create-table.ts'
import { createTableComment } from './create-table-comment.ts'
import { createTrigger } from './create-trigger.ts'
import { createUniqueConstraint } from './create-unique-constraint.ts'
import { createView } from './create-view.ts'
import { deleteRows } from './delete-rows.ts'
import { disableRowLevelSecurity } from './disable-row-level-security.ts'
import { dropColumn } from './drop-column.ts'
import { dropConstraint } from './drop-constraint.ts'
import { dropDomain } from './drop-domain.ts'
import { dropEnum } from './drop-enum.ts'
import { dropExtension } from './drop-extension.ts'
import { dropFunction } from './drop-function.ts'
import { dropIndex } from './drop-index.ts'
import { dropMaterializedView } from './drop-materialized-view.ts'
import { dropPolicy } from './drop-policy.ts'
import { dropProcedure } from './drop-procedure.ts'
import { dropSchema } from './drop-schema.ts'
import { dropSequence } from './drop-sequence.ts'
import { dropTable } from './drop-table.ts'
import { dropTableComment } from './drop-table-comment.ts'
import { dropTrigger } from './drop-trigger.ts'
import { dropView } from './drop-view.ts'
import { enableRowLevelSecurity } from './enable-row-level-security.ts'
import { execute } from './execute.ts'
import { grant } from './grant.ts'
import { refreshMaterializedView } from './refresh-materialized-view.ts'
import { renameColumn } from './rename-column.ts'
import { renameConstraint } from './rename-constraint.ts'
import { renameEnum } from './rename-enum.ts'
import { renameEnumValue } from './rename-enum-value.ts'
import { renameIndex } from './rename-index.ts'
import { renameTable } from './rename-table.ts'
import { revoke } from './revoke.ts'
import { setComment } from './set-comment.ts'
import { setEnumValues } from './set-enum-values.ts'
import { setTableOptions } from './set-table-options.ts'
import { todo } from './todo.ts'
import { updateRows } from './update-rows.ts'
import { validateConstraint } from './validate-constraint.ts'

export const DEFINITIONS = [
  addColumn,
  addEnumValue,
  alterColumn,
  alterDomain,
  alterExtension,
  alterSequence,
  backfill,
  bulkInsert,
  createCheckConstraint,
  createDomain,
  createEnum,
  createExcludeConstraint,
  createExtension,
  createForeignKey,
  createFunction,
  createIndex,
  createMaterializedView,
  createPolicy,
  createPrimaryKey,
  createProcedure,
  createSchema,
  createSequence,
  createTable,
  createTableComment,
  createTrigger,
  createUniqueConstraint,
  createView,
  deleteRows,
  disableRowLevelSecurity,
  dropColumn,
  dropConstraint,
  dropDomain,
  dropEnum,
  dropExtension,
  dropFunction,
  dropIndex,
  dropMaterializedView,
  dropPolicy,
  dropProcedure,
  dropSchema,
  dropSequence,
  dropTable,
  dropTableComment,
  dropTrigger,
  dropView,
  enableRowLevelSecurity,
  execute,
  grant,
  refreshMaterializedView,
  renameColumn,
  renameConstraint,
  renameEnum,
  renameEnumValue,
  renameIndex,
  renameTable,
  revoke,
  setComment,
  setEnumValues,
  setTableOptions,
  todo,
  updateRows,
  validateConstraint,
] as const

type OpOf<D> = D extends Definition<infer O> ? O : never

/** Any operation: the union follows from the registry. */
export type Operation = OpOf<(typeof DEFINITIONS)[number]>

/** What is known of an operation's kind, seen from outside: for code that treats all alike. */
export type AnyDefinition = Definition<Operation>

register(DEFINITIONS.map((one) => one as unknown as AnyDefinition))

/** The definition of an operation's kind; undefined for an unknown word. */
export function findDefinition(kind: string): AnyDefinition | undefined {
  return lookup(kind)
}

/** The definition of an operation. */
export function definitionOf(operation: Operation): AnyDefinition {
  return lookup(operation.op)!
}
