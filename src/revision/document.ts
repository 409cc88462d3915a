/**
 * The shape of a revision file around its operations. Plain data without the operations' shapes, because listing
 * revisions must not load them.
 */
import { DURATION_SHAPE } from '../duration.ts'
import { EXIT, faults } from '../problem.ts'
import { locatedNode } from './header/header.ts'
import type { Header, HeaderNode } from './header/header.ts'
import type { AsWritten } from './yaml/plain.ts'
import { lazyLocator, sourceOf } from './yaml/source.ts'
import type { Locator } from './yaml/source.ts'
import { finding, findings, isMapping } from './shape/validate.ts'
import type { Finding } from './shape/validate.ts'
import type { JsonSchema } from './shape/json-schema.ts'
import { found } from './shape/wording.ts'
import type { Yaml } from './yaml/yaml.ts'

/**
 * Header fields are text as written: `id: 0123` is "0123", `id: null` is "null". A base says `down_revision: null`;
 * a revision after one that is called null says `down_revision: "null"`.
 */
export const AS_WRITTEN: AsWritten = new Map([
  ['id', 'text'],
  ['down_revision', 'nullable'],
  ['depends_on', 'nullable'],
  ['branch_labels', 'nullable'],
  ['message', 'nullable'],
  ['created', 'nullable'],
])

/** Settings of the sessions that run a revision: durations as PostgreSQL writes them, or milliseconds. */
export interface Settings {
  readonly lock_timeout?: string | number
  readonly statement_timeout?: string | number
}

const duration = (description: string): JsonSchema => ({ ...DURATION_SHAPE, description })

export const SETTINGS_SHAPE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    lock_timeout: duration('How long a statement waits for a lock: 4s, 500ms, 0 for ever (PostgreSQL).'),
    statement_timeout: duration('How long a statement may run: 30s, 0 for ever (PostgreSQL).'),
  },
  description: 'Settings of the sessions that run it.',
}

const irreversible: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['irreversible'],
  properties: { irreversible: { type: 'string', minLength: 1, description: 'Why there is no way back.' } },
  description: 'There is no way back.',
}

const name: JsonSchema = { type: 'string', minLength: 1 }

const names = (description: string): JsonSchema => ({
  anyOf: [name, { type: 'array', items: name }, { type: 'null' }],
  description,
})

const line = (description: string): JsonSchema => ({
  anyOf: [{ type: 'string' }, { type: 'null' }],
  description,
})

/** A revision file, once {@link AS_WRITTEN} is heeded; its operations are looked at one by one. */
export const DOCUMENT_SHAPE = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'upgrade'],
  properties: {
    id: { ...name, description: 'Its name: 1 to 32 characters, without @ : + - and blanks.' },
    down_revision: names('The revision before it: an id, a list of ids (a merge), or null (a base).'),
    branch_labels: names('Names for the branch that begins here.'),
    depends_on: names('Revisions of other branches that must be there before: ids or labels.'),
    message: line('What it does, in a line.'),
    created: line('When it was written.'),
    transaction: {
      enum: ['none'],
      description:
        'none: each operation is a transaction of its own; `execute`, and what cannot be in one, runs outside any.',
    },
    settings: SETTINGS_SHAPE,
    upgrade: { type: 'array', description: 'What it does: operations, in order. [] for nothing.' },
    downgrade: {
      anyOf: [{ type: 'array' }, irreversible],
      description: 'What undoes it: operations, { irreversible: why }, or absent: derived from the upgrade.',
    },
  },
} as const satisfies JsonSchema

/** The names of the top-level keys, in the order in which they are written. */
export const DOCUMENT_KEYS: readonly string[] = Object.keys(DOCUMENT_SHAPE.properties)

/** What is wrong with a file's data, its operations left out. @param by what decides: a look at a header needs no ajv */
export function documentFindings(data: unknown, by: typeof findings = findings): Finding[] {
  if (data === null) {
    return [finding('empty-revision', 'the file is empty', [], '`limbeck revision` writes a new one')]
  }
  if (isMapping(data)) return by(DOCUMENT_SHAPE, data)
  const hint = 'a revision begins with `id: …`'
  return [finding('wrong-type', `a revision is a mapping, found ${found(data)}`, [], hint)]
}

/** So many problems of one file are told; the rest are mostly the same mistake again. */
const MOST_PROBLEMS = 100

/** Stops with all findings, at their places in the file and in their order. */
export function stopAt(wrong: readonly Finding[], locate: Locator): void {
  if (wrong.length === 0) return
  const told = wrong.slice(0, MOST_PROBLEMS)
  const placed = told.map(({ problem, at }) => ({ ...problem, at: locate(problem.path, at) }))
  placed.sort((a, b) => a.at.line - b.at.line || a.at.col - b.at.col)
  const more = wrong.length - told.length
  const last = placed.at(-1)!
  const notes = more === 0 ? {} : { notes: [`and ${more} more problems in this file`] }
  faults([...placed.slice(0, -1), { ...last, ...notes }], EXIT.usage)
}

/**
 * The header of a file, by the full parser; its operations are not looked into.
 * @throws faults with exit code 2
 */
export function fullHeader(yaml: Yaml, text: string, file: string): HeaderNode {
  const source = sourceOf(yaml, text, file, { asWritten: AS_WRITTEN })
  stopAt(documentFindings(source.data), source.locate)
  // A locator of its own, so that the tree of the file is not kept.
  return locatedNode(source.data as Header, file, lazyLocator(yaml, source.text, file))
}
