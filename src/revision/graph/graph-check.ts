/** The checks of ids and labels. */
import { EXIT, fault, faults } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { RevisionField, RevisionNode } from './node.ts'

const ILLEGAL = ['+', '-', ':', '@']
const LONGEST_ID = 32
const PLAIN_ID = /^\w{1,32}$/
const RESERVED = new Set(['head', 'heads', 'base', 'current'])

/**
 * Why a text cannot be a revision id, in Alembic's words where it has some. The length is what Alembic's version table
 * holds: `VARCHAR(32)`.
 */
function whyNotAnId(id: string): string | undefined {
  if (PLAIN_ID.test(id)) return whyReserved(id)
  const illegal = ILLEGAL.filter((character) => id.includes(character))
  if (illegal.length > 0) {
    return `Character(s) '${illegal.join(', ')}' not allowed in revision identifier '${id}'`
  }
  if (id === '') return 'A revision identifier must not be empty'
  if (/\s/.test(id)) return `Blanks are not allowed in revision identifier '${id}'`
  if ([...id].length > LONGEST_ID) {
    return `Revision identifier '${id}' is longer than ${LONGEST_ID} characters`
  }
  return whyReserved(id)
}

/** Why a text cannot be a branch label: it could not be told from the other parts of `label@head-1` or `a:b`. */
function whyNotALabel(label: string): string | undefined {
  if (label === '') return 'A branch label must not be empty'
  if (/[@:\s]/.test(label)) return `Branch label '${label}' must not contain '@', ':' or blanks`
  if (/[+-]\d+$/.test(label)) return `Branch label '${label}' must not end like a relative revision`
  return whyReserved(label)
}

function whyReserved(name: string): string | undefined {
  return RESERVED.has(name)
    ? `'${name}' has a meaning of its own and cannot name a revision or a branch`
    : undefined
}

/**
 * Checks ids, self-references and labels of all revisions.
 * @throws faults with all that was found at the first of these stages that found something
 */
export function checkNames(nodes: readonly RevisionNode[]): void {
  const stages = [illegalIds, repeatedIds, selfLoops, badLabels, repeatedLabels]
  for (const stage of stages) {
    const problems = stage(nodes)
    if (problems.length > 0) faults(problems, EXIT.usage)
  }
}

/** A problem of one field of one revision. */
export function revisionProblem(
  node: RevisionNode,
  field: RevisionField,
  problem: Pick<Problem, 'code' | 'message' | 'hint' | 'notes'>,
): Problem {
  const at = node.fields?.[field] ?? node.at
  return { severity: 'error', ...problem, ...(at === undefined ? {} : { at }) }
}

function illegalIds(nodes: readonly RevisionNode[]): Problem[] {
  return nodes.flatMap((node) => {
    const message = whyNotAnId(node.id)
    if (message === undefined) return []
    const hint = 'use letters and digits, at most 32; `limbeck revision` makes such ids'
    return [revisionProblem(node, 'id', { code: 'bad-revision-id', message, hint })]
  })
}

function repeatedIds(nodes: readonly RevisionNode[]): Problem[] {
  const first = new Map<string, RevisionNode>()
  return nodes.flatMap((node) => {
    const other = first.get(node.id)
    if (other === undefined) {
      first.set(node.id, node)
      return []
    }
    const message =
      `Revision "${node.id}" is present more than once: in "${other.file}" and in "${node.file}"`
    const hint = 'give one of the two files another id, or delete the copy'
    return [revisionProblem(node, 'id', { code: 'duplicate-revision', message, hint })]
  })
}

function selfLoops(nodes: readonly RevisionNode[]): Problem[] {
  return nodes.flatMap((node) => {
    if (node.down.includes(node.id)) {
      const message = `Self-loop is detected in revisions (${node.id})`
      const hint = `name in down_revision the revision that comes before "${node.id}", or null`
      return [revisionProblem(node, 'down_revision', { code: 'revision-cycle', message, hint })]
    }
    if (node.dependsOn.includes(node.id)) {
      const message = `Dependency self-loop is detected in revisions (${node.id})`
      const hint = `take "${node.id}" out of its own depends_on`
      return [revisionProblem(node, 'depends_on', { code: 'revision-cycle', message, hint })]
    }
    return []
  })
}

function badLabels(nodes: readonly RevisionNode[]): Problem[] {
  return nodes.flatMap((node) =>
    node.labels.flatMap((label) => {
      const message = whyNotALabel(label)
      if (message === undefined) return []
      const hint = 'use another word, of letters, digits, "_", "." or "-"'
      return [revisionProblem(node, 'branch_labels', { code: 'bad-branch-label', message, hint })]
    })
  )
}

function repeatedLabels(nodes: readonly RevisionNode[]): Problem[] {
  if (nodes.every((node) => node.labels.length === 0)) return []
  const owner = new Map(nodes.map((node) => [node.id, node]))
  return nodes.flatMap((node) =>
    node.labels.flatMap((label) => {
      const other = owner.get(label)
      owner.set(label, other ?? node)
      if (other === undefined) return []
      const message = `Branch name '${label}' in revision ${node.id} already used by revision ${other.id}`
      const hint = other.id === label
        ? `"${label}" is the id of the revision in "${other.file}"; give the branch another name.`
        : `Both "${other.file}" and "${node.file}" have this label; change one of them.`
      return [revisionProblem(node, 'branch_labels', { code: 'duplicate-branch-label', message, hint })]
    })
  )
}

/** @throws a fault when the text cannot be an id */
export function checkId(id: string): void {
  const message = whyNotAnId(id)
  if (message !== undefined) {
    fault('bad-revision-id', message, { exit: EXIT.usage, hint: 'choose another --rev-id' })
  }
}
