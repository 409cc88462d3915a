/** New revision files. */
import type { Operation } from '../ops/index.ts'
import type { Settings } from './document.ts'
import { flowText, listLines, mappingLines, scalarText } from './yaml/layout.ts'
import { fromOperation } from './operation.ts'
import { escaped } from './substitute.ts'

export interface NewFile {
  readonly id: string
  readonly down: readonly string[]
  readonly dependsOn?: readonly string[]
  readonly labels?: readonly string[]
  readonly message: string
  /** As {@link createdText} gives it. */
  readonly created?: string
  readonly transaction?: 'none'
  readonly settings?: Settings
  /** Lines of comment before `upgrade`. */
  readonly remarks?: readonly string[]
  readonly upgrade: readonly Operation[]
  /** Lines of comment before operations of the upgrade. */
  readonly comments?: ReadonlyMap<Operation, readonly string[]>
  /** Absent: to be derived from the upgrade. */
  readonly downgrade?: readonly Operation[] | { readonly irreversible: string }
  /** The path of the JSON Schema, relative to the file; absent: editors are not told. */
  readonly schema?: string
}

const EXAMPLE = '- add_column: { table: users, column: { name: email, type: text } }'

/** The text of a revision file. Reading it gives what was written. */
export function revisionText(file: NewFile): string {
  const header = [
    ...(file.schema === undefined ? [] : [`# yaml-language-server: $schema=${file.schema}`]),
    `id: ${scalarText(file.id)}`,
    `down_revision: ${links(file.down)}`,
    ...(file.labels?.length ? [`branch_labels: ${flowText(file.labels)}`] : []),
    ...(file.dependsOn?.length ? [`depends_on: ${flowText(file.dependsOn)}`] : []),
    ...mappingLines({ message: file.message }, 0),
    ...(file.created === undefined ? [] : [`created: ${createdScalar(file.created)}`]),
    ...mappingLines({ transaction: file.transaction, settings: file.settings }, 0),
  ]
  const upgrade = file.upgrade.length === 0
    ? ['# Operations in order, in place of [], such as', `#   ${EXAMPLE}`, 'upgrade: []']
    : ['upgrade:', ...operationLines(file.upgrade, file.comments)]
  const downgrade = downgradeLines(file.downgrade)
  const remarks = (file.remarks ?? []).map((line) => `# ${line.replaceAll(/\p{Cc}/gu, ' ')}`.trimEnd())
  const parts = [header, remarks, upgrade, downgrade].filter((lines) => lines.length > 0)
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function downgradeLines(downgrade: NewFile['downgrade']): string[] {
  if (downgrade === undefined) return []
  if ('irreversible' in downgrade) {
    return mappingLines({ downgrade: { irreversible: downgrade.irreversible } }, 0)
  }
  if (downgrade.length > 0) return ['downgrade:', ...operationLines(downgrade)]
  return ['# Without this key the downgrade is derived from the upgrade.', 'downgrade: []']
}

/** One operation as it stands in a revision file, `- create_table: …`, its lines not indented. */
export function operationText(operation: Operation): string {
  return listLines([escaped(fromOperation(operation))], 0, 'open').join('\n')
}

function operationLines(operations: readonly Operation[], comments?: NewFile['comments']): string[] {
  return operations.flatMap((operation) => [
    ...(comments?.get(operation) ?? []).map((line) => `  # ${line.replaceAll(/\s+/g, ' ')}`),
    ...listLines([escaped(fromOperation(operation))], 2, 'open'),
  ])
}

/** null for a base, one id, or a list (a merge). */
function links(ids: readonly string[]): string {
  if (ids.length === 0) return 'null'
  return ids.length === 1 ? scalarText(ids[0]) : flowText(ids)!
}

/** A date needs no quotes: it is text in YAML 1.2, and limbeck reads it as written. */
function createdScalar(created: string): string {
  return /^\d{4}-\d\d-\d\d[\dT:.Z+-]*$/.test(created) ? created : scalarText(created)
}
