/** The golden cases: one YAML file each under tests/ops/<kind>/, read as what stands in them. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import type { Operation } from '../../src/ops/index.ts'
import { fromYaml } from './operation-yaml.ts'
import type { Yaml } from './operation-yaml.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const CASES = join(ROOT, 'tests/ops')

/** What a case says the operation leads to; every part but `error` is written by `scripts/golden.ts --update`. */
export interface Results {
  /** `code: message`, when neither dialect takes the operation. */
  readonly error?: string
  readonly postgres?: string | { readonly error: string }
  readonly sqlite?: string | { readonly error: string }
  /** What the statements cost on PostgreSQL: `locks users ACCESS EXCLUSIVE`. */
  readonly hazards?: readonly string[]
  readonly inverse?: readonly Yaml[] | { readonly irreversible: string }
  readonly describe?: string
  readonly effects?: readonly object[]
}

/** The keys of the results, in the order in which they are written. */
export const RESULT_KEYS = [
  'error',
  'postgres',
  'sqlite',
  'hazards',
  'inverse',
  'describe',
  'effects',
] as const

export interface Case {
  /** Relative to the repository. */
  readonly file: string
  readonly text: string
  /** The folder's name, in snake_case. */
  readonly kind: string
  readonly given: readonly Yaml[]
  readonly operation: Yaml
  /** The first major version of PostgreSQL that can run it. */
  readonly postgresMin?: number
  /** Why the case is not run on a database: `needs a role`. */
  readonly notRun?: string
  readonly expected: Results
}

/** The files of all cases, or of those in one folder, or one file. */
export function caseFiles(path = CASES): string[] {
  if (!fs.existsSync(path)) return []
  if (fs.statSync(path).isFile()) return [path]
  return fs.readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml')).sort().map((name) => join(path, name))
}

const HAND_WRITTEN = ['given', 'operation', 'postgres_min', 'not_run']

/** A case, refused when it holds a key that no case has. */
export function readCase(path: string): Case {
  const text = fs.readFileSync(path, 'utf8')
  const document = parseDocument(text)
  const file = relative(ROOT, path)
  assert.deepEqual(document.errors.map((error) => `${file}: ${error.message}`), [])
  const { given, operation, postgres_min: postgresMin, not_run: notRun, ...expected } = document.toJS()
  for (const key of Object.keys(expected)) {
    assert(
      (RESULT_KEYS as readonly string[]).includes(key),
      `${file}: a case has no "${key}" (only ${[...HAND_WRITTEN, ...RESULT_KEYS].join(', ')})`,
    )
  }
  assert(operation !== undefined, `${file}: a case has an operation`)
  const kind = basename(dirname(path)).replaceAll('-', '_')
  assert(kind in operation, `${file}: its operation is not ${kind}`)
  return { file, text, kind, given: given ?? [], operation, postgresMin, notRun, expected }
}

/** The operations of a case as the code knows them. @throws what is wrong with their fields */
export function operationsOf(
  one: Case,
): { readonly given: readonly Operation[]; readonly operation: Operation } {
  return { given: one.given.map(fromYaml), operation: fromYaml(one.operation) }
}

/** All cases there are. */
export function allCases(): Case[] {
  return caseFiles().map(readCase)
}
