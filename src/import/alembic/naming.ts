/**
 * The application's naming_convention, by which Alembic names what has no name in a revision
 * (alembic/operations/schemaobj.py, `SchemaObjects.metadata`).
 */
import { existsSync, readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import path from 'node:path'
import type { Model } from '../../model/model.ts'
import { ownValue } from '../../own-value.ts'
import { reasonOf, spanAt } from '../../revision/yaml/text.ts'
import type { Span } from '../../problem.ts'
import { isKind } from '../evaluate/value.ts'
import type { Value } from '../evaluate/value.ts'
import type { Expression, Place } from '../python/syntax.ts'
import type { Neighbours } from './neighbours.ts'

export interface FoundNaming {
  readonly naming: NonNullable<Model['naming']>
  readonly at: Span
}

/** So many files and folders of an application are looked through. */
const MOST = 20_000
const ROOT = ['.git', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'alembic.ini']
const ELSEWHERE = /^(\..*|node_modules|venv|env|site-packages|tests?|__pycache__)$/

/**
 * The conventions that the modules of an application hold, each where it is first.
 * @param folder of revisions, in the application
 */
export function namingsAround(folder: string, neighbours: Neighbours): FoundNaming[] {
  const found = new Map<string, FoundNaming>()
  for (const file of modulesIn(rootOf(folder))) {
    const source = neighbours.source(file)
    if (!source.includes('naming_convention')) continue
    for (const { from, value } of conventions(file, neighbours)) {
      const naming = namingOf(value)
      const key = JSON.stringify(naming)
      if (naming !== undefined && !found.has(key)) found.set(key, { naming, at: spanAt(file, source, from) })
    }
  }
  return [...found.values()]
}

/** The files of Python in a folder, and in the folders in it that may be the application's own. */
function modulesIn(root: string): string[] {
  const folders = [root]
  const files: string[] = []
  for (let seen = 0; folders.length > 0 && seen < MOST;) {
    const folder = folders.shift()!
    const entries = entriesOf(folder)
    seen += entries.length
    for (const one of entries) {
      if (one.isFile() && one.name.endsWith('.py')) files.push(path.join(folder, one.name))
      if (one.isDirectory() && !ELSEWHERE.test(one.name)) folders.push(path.join(folder, one.name))
    }
  }
  return files.sort()
}

/** A folder that may not be read, such as a database's beside the application, holds nothing of it. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (reasonOf(error) === undefined) throw error
    return []
  }
}

/** The nearest folder above that looks like the top of a project, else the one that the migrations are in. */
function rootOf(folder: string): string {
  const start = path.resolve(folder)
  for (let one = start; one !== path.dirname(one); one = path.dirname(one)) {
    if (ROOT.some((name) => existsSync(path.join(one, name)))) return one
  }
  return path.dirname(start)
}

/** What `naming_convention=` is given in calls of the module. */
function conventions(file: string, neighbours: Neighbours): (Place & { readonly value: Value })[] {
  const given: Expression[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('name' in node && node.name === 'naming_convention' && 'value' in node) {
      given.push(node.value as Expression)
    }
    Object.values(node).forEach(walk)
  }
  walk(neighbours.statements(file))
  return given.flatMap((one) => {
    const value = neighbours.evaluated(one, file)
    return value === undefined ? [] : [{ from: one.from, to: one.to, value }]
  })
}

const KINDS: Readonly<Record<string, keyof NonNullable<Model['naming']>>> = {
  pk: 'primary_key',
  uq: 'unique',
  fk: 'foreign_key',
  ck: 'check',
  ix: 'index',
}

function namingOf(value: Value): FoundNaming['naming'] | undefined {
  if (!isKind(value, 'dict')) return undefined
  const entries = value.entries.flatMap(([key, pattern]) => {
    const kind = typeof key === 'string' ? ownValue(KINDS, key) : undefined
    return kind === undefined || typeof pattern !== 'string' ? [] : [[kind, pattern] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
