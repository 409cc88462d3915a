/** The imports of src/: which there are, which lead up, which go round, and what is loaded before it is needed. */
import { dirname, join } from 'node:path/posix'

export interface Import {
  readonly from: string
  readonly line: number
  /** A file of src/, or the specifier of a package. */
  readonly to: string
  readonly kind: 'value' | 'type' | 'lazy'
}

export interface Source {
  readonly file: string
  readonly text: string
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
const LAZY = /\bimport\(\s*'([^']+)'\s*\)/g

/** What a file imports, type imports and `import()` included. */
export function importsOf({ file, text }: Source): Import[] {
  const found = (at: number, specifier: string, kind: Import['kind']): Import => ({
    from: file,
    line: text.slice(0, at).split('\n').length,
    to: specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
    kind,
  })
  return [
    ...[...text.matchAll(STATIC)].map((one) => found(one.index, one[2]!, one[1] ? 'type' : 'value')),
    ...[...text.matchAll(LAZY)].map((one) => found(one.index, one[1]!, lineOf(text, one.index))),
  ]
}

/** `import('x')` is a type where a type stands: after a colon, in a generic, in `typeof`. */
function lineOf(text: string, at: number): Import['kind'] {
  return /await\s*$|=>\s*$|return\s*$|[[(,=]\s*$/.test(text.slice(Math.max(0, at - 20), at)) ? 'lazy' : 'type'
}

/** Each folder of src/ may import from those after it. Folders of one line do not know each other. */
const ORDER: readonly (readonly string[])[] = [
  ['main.ts', 'mod.ts'],
  ['cli'],
  ['identify', 'verify', 'import'],
  ['run', 'diff'],
  ['models'],
  ['plan'],
  ['revision'],
  ['ops'],
  ['dialect'],
  ['model'],
  ['stop.ts'],
  ['problem.ts', 'shape.ts', 'version.ts'],
  ['account.ts', 'decimal.ts', 'duration.ts', 'group.ts', 'own-value.ts', 'shell.ts'],
]

/**
 * The same of the folders inside some of them. `*` stands for the files beside the folders; where it is not named, they
 * are seen by all.
 */
const INNER_ORDER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  cli: [
    ['commands'],
    ['completion', 'inspect', 'migrate', 'new-revision'],
    ['project'],
    ['config'],
    ['output'],
  ],
  run: [
    ['*'],
    ['resume'],
    ['execute'],
    ['prepare'],
    ['records'],
    ['session'],
  ],
}

const folderOf = (file: string) => file.split('/')[1] ?? ''
const rankOf = (file: string) => ORDER.findIndex((folders) => folders.includes(folderOf(file)))
const innerFolderOf = (file: string) => file.split('/').length > 3 ? file.split('/')[2]! : '*'
const innerRankOf = (file: string) =>
  INNER_ORDER[folderOf(file)]?.findIndex((folders) => folders.includes(innerFolderOf(file))) ?? -1

/** Folders that must not see how a dialect works, only what dialects are. */
const DIALECT_BLIND = ['diff']
const BOUNDARY = ['src/dialect/dialect.ts']

/** Imports that lead up, sideways, or into a dialect's folder from where none should be known. */
export function upward(one: Import): string[] {
  if (!one.to.startsWith('src/')) return []
  const [from, to] = [rankOf(one.from), rankOf(one.to)]
  const at = `${one.from}:${one.line}: imports ${one.to}`
  if (from < 0) return [`${one.from}:1: src/ has no place for it (scripts/house/imports.ts)`]
  if (to < from) return [`${at}, which is above it`]
  if (to === from && from > 0 && folderOf(one.from) !== folderOf(one.to)) return [`${at}, which is beside it`]
  if (folderOf(one.from) === folderOf(one.to) && one.kind !== 'lazy') {
    const [inner, innerTo] = [innerRankOf(one.from), innerRankOf(one.to)]
    if (innerTo >= 0 && innerTo < inner) return [`${at}, which is above it`]
    if (innerTo >= 0 && innerTo === inner && innerFolderOf(one.from) !== innerFolderOf(one.to)) {
      return [`${at}, which is beside it`]
    }
  }
  const inDialect = one.to.startsWith('src/dialect/') && !BOUNDARY.includes(one.to)
  if (inDialect && DIALECT_BLIND.includes(folderOf(one.from))) return [`${at}; it may see dialect.ts alone`]
  return []
}

/**
 * Cycles of imports: of values anywhere, and of types but for those inside ops/ (an inverse is an Operation, which is
 * made of definitions).
 */
export function cycles(imports: readonly Import[]): string[] {
  const counted = imports.filter((one) => one.kind === 'value' || !(inOps(one.from) && inOps(one.to)))
    .filter((one) => one.kind !== 'lazy')
  const targets = Map.groupBy(counted, (one) => one.from)
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      found.push(`${file}:1: imports go round: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`)
      return
    }
    if (done.has(file)) return
    for (const { to } of targets.get(file) ?? []) visit(to, [...trail, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return found
}

const inOps = (file: string) => file.startsWith('src/ops/')

/** Packages that a command loads only when it needs them. */
const LAZY_PACKAGES = ['postgres', '@libsql/client', 'ajv', 'yaml', 'libpg-query', 'sql-parser-cst', '@lezer']
const DRIVERS = ['postgres', '@libsql/client']

/** Drivers are imported by connect.ts alone; and whatever main.ts imports at once loads no package of the list. */
export function eager(imports: readonly Import[]): string[] {
  const strangers = imports.filter((one) =>
    isPackage(one.to, DRIVERS) && !(one.kind !== 'value' && /^src\/dialect\/[a-z]+\/connect/.test(one.from))
  )
  const values = Map.groupBy(imports.filter((one) => one.kind === 'value'), (one) => one.from)
  const reached = new Set(['src/main.ts'])
  for (const file of reached) for (const { to } of values.get(file) ?? []) reached.add(to)
  const early = imports.filter((one) =>
    one.kind === 'value' && reached.has(one.from) && isPackage(one.to, LAZY_PACKAGES)
  )
  return [
    ...strangers.map((one) => `${one.from}:${one.line}: only connect.ts imports "${one.to}", and lazily`),
    ...early.map((one) => `${one.from}:${one.line}: main.ts loads "${one.to}" at once, by way of this file`),
  ]
}

function isPackage(specifier: string, packages: readonly string[]): boolean {
  return packages.some((one) => specifier === one || specifier.startsWith(`${one}/`))
}
