/** Imported revisions as files. */
import type { Operation } from '../ops/index.ts'
import { revisionText } from '../revision/write.ts'
import type { Imported } from './imported.ts'

/**
 * The text of a revision file.
 * @param schema the path of the JSON Schema, relative to the file
 */
export function importedText(one: Imported, schema?: string): string {
  const operations = (steps: Imported['upgrade']): Operation[] => steps.map((step) => step.operation)
  return revisionText({
    id: one.id,
    down: one.down,
    dependsOn: one.dependsOn,
    labels: one.labels,
    message: one.message,
    ...(one.created === undefined ? {} : { created: one.created }),
    ...(Object.keys(one.settings).length === 0 ? {} : { settings: one.settings }),
    ...(one.transaction === undefined ? {} : { transaction: one.transaction }),
    ...(one.remarks === undefined ? {} : { remarks: one.remarks }),
    upgrade: operations(one.upgrade),
    downgrade: 'steps' in one.downgrade ? operations(one.downgrade.steps) : one.downgrade,
    ...(schema === undefined ? {} : { schema }),
  })
}
