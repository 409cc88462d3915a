/** The texts that Alembic's listing commands print. Scripts read them: do not change a character. */
import type { BranchEntry, Entry } from './listing.ts'

export interface LineParts {
  /** `a, b (dependency) -> ` in front. */
  readonly parents?: boolean
  readonly labels?: boolean
  /** Branch point and merge point. */
  readonly junctions?: boolean
  /** The first paragraph of the message. */
  readonly message?: boolean
}

/** One revision on one line, without a line break. */
function entryLine(entry: Entry, parts: LineParts): string {
  const mark = (shown: boolean | undefined, text: string) => shown === true ? ` (${text})` : ''
  return [
    parts.parents === true ? parentsText(entry) : '',
    entry.id,
    mark(parts.labels === true && entry.labels.length > 0, entry.labels.join(', ')),
    mark(entry.isHead && !entry.isEffectiveHead, 'head'),
    mark(entry.isEffectiveHead, 'effective head'),
    mark(entry.isCurrent, 'current'),
    mark(parts.junctions === true && entry.isBranchPoint, 'branchpoint'),
    mark(parts.junctions === true && entry.isMergePoint, 'mergepoint'),
    parts.message === true ? `, ${firstParagraph(entry.message)}` : '',
  ].join('')
}

function parentsText(entry: Entry): string {
  const dependencies = entry.dependsOn.length > 0 ? ` (${entry.dependsOn.join(', ')})` : ''
  return `${downText(entry)}${dependencies} -> `
}

function downText(entry: Entry): string {
  return entry.down.length > 0 ? entry.down.join(', ') : '<base>'
}

function firstParagraph(message: string): string {
  return message.trim().split('\n\n')[0]!.replaceAll('\n', ' ')
}

/** One revision on several lines, as `show` and `-v` print it; ends with an empty line. */
function entryBlock(entry: Entry): string {
  const mark = (shown: boolean, text: string) => shown ? ` (${text})` : ''
  const lines = [
    `Rev: ${entry.id}${mark(entry.isHead, 'head')}${mark(entry.isBranchPoint, 'branchpoint')}` +
    `${mark(entry.isMergePoint, 'mergepoint')}${mark(entry.isCurrent, 'current')}`,
    `${entry.isMergePoint ? 'Merges' : 'Parent'}: ${downText(entry)}`,
    ...(entry.dependsOn.length > 0 ? [`Also depends on: ${entry.dependsOn.join(', ')}`] : []),
    ...(entry.isBranchPoint ? [`Branches into: ${entry.children.join(', ')}`] : []),
    ...(entry.labels.length > 0 ? [`Branch names: ${entry.labels.join(', ')}`] : []),
    `Path: ${entry.file}`,
    '',
    ...entry.message.trim().split(/\r?\n/).map((line) => `    ${line}`),
  ]
  return `${lines.join('\n')}\n\n`
}

/** Standard output of `history`. */
export function historyText(entries: readonly Entry[], verbose: boolean): string {
  return text(entries, verbose, { parents: true, labels: true, junctions: true, message: true })
}

/** Standard output of `heads`. */
export function headsText(entries: readonly Entry[], verbose: boolean): string {
  return text(entries, verbose, { labels: true })
}

/** Standard output of `current`, without the line that names the database. */
export function currentText(entries: readonly Entry[], verbose: boolean): string {
  return text(entries, verbose, { junctions: true })
}

/** Standard output of `show`. */
export function showText(entries: readonly Entry[]): string {
  return text(entries, true, {})
}

function text(entries: readonly Entry[], verbose: boolean, parts: LineParts): string {
  return entries.map((entry) => verbose ? entryBlock(entry) : `${entryLine(entry, parts)}\n`).join('')
}

/** Standard output of `branches`: each branch point, its children below it, an empty line. */
export function branchesText(branches: readonly BranchEntry[], verbose: boolean): string {
  return branches.map(({ entry, children }) => {
    const first = verbose ? entryBlock(entry) : `${entryLine(entry, { labels: true, junctions: true })}\n`
    const lead = ' '.repeat(entry.id.length)
    const parts: LineParts = { labels: true, junctions: true, message: verbose }
    return `${first}${children.map((child) => `${lead} -> ${entryLine(child, parts)}\n`).join('')}\n`
  }).join('')
}
