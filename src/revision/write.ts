/** New revision files, and small changes of those that are there. */
import type { Pair } from 'yaml'
import { EXIT, fault } from '../problem.ts'
import type { Operation } from '../ops/index.ts'
import type { Settings } from './document.ts'
import { flowText, listLines, mappingLines, scalarText } from './yaml/layout.ts'
import { fromOperation } from './operation.ts'
import { keyText } from './yaml/plain.ts'
import { compose } from './yaml/source.ts'
import { loadYaml } from './yaml/yaml.ts'

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
    ? [`# Operations in order, such as`, `#   ${EXAMPLE}`, 'upgrade: []']
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
  return listLines([fromOperation(operation)], 0, 'open').join('\n')
}

function operationLines(operations: readonly Operation[], comments?: NewFile['comments']): string[] {
  return operations.flatMap((operation) => [
    ...(comments?.get(operation) ?? []).map((line) => `  # ${line.replaceAll(/\s+/g, ' ')}`),
    ...listLines([fromOperation(operation)], 2, 'open'),
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

/**
 * The text of a revision file with another `down_revision`; everything else, comments and layout too, stays.
 * @param file its path, for problems
 * @throws whatever is wrong with the YAML; `wrong-type` when the file is no mapping
 */
export async function withDownRevision(text: string, file: string, down: readonly string[]): Promise<string> {
  const yaml = await loadYaml()
  // The parser counts in a text without carriage returns; they are put back.
  const crlf = text.includes('\r\n')
  const plain = text.replaceAll('\r\n', '\n')
  const { contents } = compose(yaml, plain, file)
  if (!yaml.isMap(contents)) {
    return fault('wrong-type', 'a revision is a mapping', { exit: EXIT.usage, at: { file, line: 1, col: 1 } })
  }
  const find = (name: string) => contents.items.find((pair) => keyText(yaml, pair.key) === name)
  const pair = find('down_revision')
  const line = `down_revision: ${links(down)}`
  const [from, to] = pair === undefined
    ? afterLine(plain, find('id') ?? contents.items[0])
    : extent(plain, pair)
  const added = pair === undefined ? `${line}\n` : line
  const changed = plain.slice(0, from) + added + plain.slice(to)
  return crlf ? changed.replaceAll('\n', '\r\n') : changed
}

type Ranged = { readonly range?: readonly [number, number, number] | null } | null

/** From the beginning of the key to the end of what is written as its value. */
function extent(text: string, pair: Pair): readonly [number, number] {
  const [start, keyEnd] = (pair.key as Ranged)?.range ?? [0, 0, 0]
  const colon = text.indexOf(':', keyEnd) + 1
  const [valueStart, valueEnd] = (pair.value as Ranged)?.range ?? [colon, colon, colon]
  // The end of a block list is the beginning of the next line.
  const written = text.slice(colon, Math.max(colon, valueStart, valueEnd)).trimEnd()
  return [start, colon + (valueEnd > valueStart ? written.length : 0)]
}

function afterLine(text: string, pair: Pair | undefined): readonly [number, number] {
  const end = pair === undefined ? 0 : extent(text, pair)[1]
  const newline = text.indexOf('\n', end)
  const at = newline === -1 ? text.length : newline + 1
  return [at, at]
}
