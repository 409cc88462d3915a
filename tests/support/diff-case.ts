/** The golden pairs: one YAML file each under tests/diff/, two schemas and what leads from one to the other. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { parseDocument } from 'yaml'
import { ProblemError } from '../../src/problem.ts'
import { diff } from '../../src/diff/index.ts'
import type { DiffOptions } from '../../src/diff/index.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import type { Dialect, DialectName } from '../../src/dialect/dialect.ts'
import type { Model } from '../../src/model/model.ts'
import type { Operation } from '../../src/ops/index.ts'
import { mappingLines } from '../../src/revision/yaml/layout.ts'
import { caseFiles, ROOT } from './case.ts'
import { modelAfter } from './compile.ts'
import { fromYaml, toYaml } from './operation-yaml.ts'
import type { Yaml } from './operation-yaml.ts'

export const PAIRS = join(ROOT, 'tests/diff')

/** What a pair leads to on a dialect; written by `scripts/golden-diff.ts --update`. */
export interface PairResult {
  readonly operations?: readonly Yaml[]
  /** What could be renamed: `users.name → users.fullname: the same type`. */
  readonly candidates?: readonly string[]
  readonly notes?: readonly string[]
  /** `code: message`. */
  readonly error?: string
}

export interface PairCase {
  readonly file: string
  readonly text: string
  readonly from: readonly Operation[]
  readonly to: readonly Operation[]
  readonly options: DiffOptions
  readonly dialects: readonly DialectName[]
  /** The first major version of PostgreSQL that can run it. */
  readonly postgresMin: number
  /** Why it is not run on a database. */
  readonly notRun?: string
  /** By dialect; `both` when they are the same. */
  readonly expected: Readonly<Record<string, PairResult>>
}

const KEYS = ['from', 'to', 'renames', 'no_renames', 'server', 'only', 'postgres_min', 'not_run']
const RESULTS = ['both', 'postgres', 'sqlite']

export function readPair(path: string): PairCase {
  const text = fs.readFileSync(path, 'utf8')
  const document = parseDocument(text)
  const file = relative(ROOT, path)
  assert.deepEqual(document.errors.map((error) => `${file}: ${error.message}`), [])
  const data = document.toJS()
  const strange = Object.keys(data).filter((key) => ![...KEYS, ...RESULTS].includes(key))
  assert.deepEqual(strange, [], `${file}: a pair has no such keys`)
  const renames = ((data.renames ?? []) as string[]).map((one) => {
    const [from, to] = one.split('=')
    return { from: from!, to: to! }
  })
  return {
    file,
    text,
    from: (data.from ?? []).map(fromYaml),
    to: (data.to ?? []).map(fromYaml),
    options: { renames, noRenames: data.no_renames === true },
    dialects: data.only === undefined ? ['postgres', 'sqlite'] : [data.only],
    postgresMin: data.postgres_min ?? 0,
    ...(data.not_run === undefined ? {} : { notRun: data.not_run }),
    expected: Object.fromEntries(RESULTS.flatMap((key) => key in data ? [[key, data[key]]] : [])),
  }
}

export function allPairs(): PairCase[] {
  return caseFiles(PAIRS).map(readPair)
}

/** The two schemas of a pair. */
export function modelsOf(one: PairCase, dialect: Dialect): { readonly from: Model; readonly to: Model } {
  return { from: modelAfter(one.from, dialect), to: modelAfter(one.to, dialect) }
}

/** What the pair leads to. */
export function resultOf(one: PairCase, dialect: Dialect): PairResult {
  const { from, to } = modelsOf(one, dialect)
  try {
    const { operations, renameCandidates, notes } = diff(from, to, dialect, one.options)
    return {
      operations: operations.map(toYaml),
      ...(renameCandidates.length === 0 ? {} : {
        candidates: renameCandidates.map((each) =>
          `${each.kind} ${each.from} → ${each.to}: ${each.reasons.join(', ')}`
        ),
      }),
      ...(notes.length === 0 ? {} : { notes: notes.map((each) => each.message) }),
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { error: error.problems.map((each) => `${each.code}: ${each.message}`).join('\n') }
  }
}

/** The results of a pair as they are written. */
export async function results(one: PairCase): Promise<Record<string, PairResult>> {
  const all: Record<string, PairResult> = {}
  for (const name of one.dialects) all[name] = resultOf(one, await loadDialect(name))
  const [first, second] = Object.values(all)
  if (second === undefined || JSON.stringify(first) !== JSON.stringify(second)) return all
  return { both: first! }
}

export function shownResults(all: Readonly<Record<string, PairResult>>): string {
  return mappingLines(all, 0).map((line) => `${line}\n`).join('')
}

/** The text of the case with these results in the place of its own. */
export function updatedPair(one: PairCase, all: Readonly<Record<string, PairResult>>): string {
  const at = /^(both|postgres|sqlite):/m.exec(one.text)?.index ?? one.text.length
  return one.text.slice(0, at).replace(/\n*$/, '\n') + shownResults(all)
}
