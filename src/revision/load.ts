/** Revision files in full: read, checked against their shape, with every operation knowing where it stands. */
import { EXIT, faults, ProblemError } from '../problem.ts'
import type { Path, Problem, Span } from '../problem.ts'
import type { Operation } from '../ops/index.ts'
import { AS_WRITTEN, documentFindings, stopAt } from './document.ts'
import type { Settings } from './document.ts'
import { contentHash } from './hash.ts'
import { locatedNode } from './header/header.ts'
import type { Header, HeaderNode } from './header/header.ts'
import { sorted } from './missing.ts'
import { kindOf, operationsFindings, toOperation } from './operation.ts'
import type { WrittenOperation } from './operation.ts'
import { lazyLocator, sourceOf } from './yaml/source.ts'
import type { Locator, Source } from './yaml/source.ts'
import { substitute } from './substitute.ts'
import type { Vars } from './substitute.ts'
import { readText } from './yaml/text.ts'
import { isMapping } from './shape/validate.ts'
import type { Finding } from './shape/validate.ts'
import { loadValidator, wrong } from './shape/validator.ts'
import { loadYaml } from './yaml/yaml.ts'
import type { Yaml } from './yaml/yaml.ts'

/** An operation, and its way back to the file. */
export interface Located {
  readonly operation: Operation
  /**
   * Adds the file's line and column to a problem whose path is relative to the operation's fields; without a path, the
   * operation's own place. A problem that has a place keeps it.
   */
  locate(problem: Problem): Problem
  /** Variables without a value, left as written where they say nothing of the schema: it cannot run without them. */
  readonly missing?: readonly Problem[]
}

export type Downgrade =
  | { readonly operations: readonly Located[] }
  /** Why there is none, and where that is said. */
  | { readonly irreversible: string; place(): Span }

/** A revision file that was read in full. */
export interface LoadedRevision {
  readonly id: string
  readonly down: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
  readonly message: string
  readonly created?: string
  /** Each operation is a transaction of its own; `execute`, and what cannot be in one, runs outside any. */
  readonly transaction?: 'none'
  readonly settings?: Settings
  readonly upgrade: readonly Located[]
  /** Absent: to be derived from the upgrade. */
  readonly downgrade?: Downgrade
  /** See {@link contentHash}; of the texts as written. */
  readonly hash: string
  readonly file: string
  readonly node: HeaderNode
}

export interface LoadOptions {
  /** What `-x` gave. Absent: `${x:…}` is left as it is written, for what only looks at revisions. */
  readonly vars?: Vars
  /** Texts of files that were read already, by their names. */
  readonly texts?: ReadonlyMap<string, string>
}

interface RevisionDocument extends Header {
  readonly transaction?: 'none'
  readonly settings?: Settings
  readonly upgrade: readonly WrittenOperation[]
  readonly downgrade?: readonly WrittenOperation[] | { readonly irreversible: string }
}

/**
 * Reads the text of one revision file.
 * @param file its path, for problems
 * @throws faults with exit code 2 and all that is wrong with it, each with its place
 */
export async function parseRevision(
  text: string,
  file: string,
  options: LoadOptions = {},
): Promise<LoadedRevision> {
  await loadValidator()
  return load(await loadYaml(), text, file, options)
}

/**
 * Reads several revision files, in their order.
 * @throws faults with exit code 2 and all that is wrong with all files
 */
export async function loadRevisions(
  files: readonly string[],
  options: LoadOptions = {},
): Promise<LoadedRevision[]> {
  const [yaml] = await Promise.all([loadYaml(), loadValidator()])
  const problems: Problem[] = []
  const revisions: LoadedRevision[] = []
  for (const file of files) {
    try {
      revisions.push(load(yaml, options.texts?.get(file) ?? readText(file), file, options))
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) faults(problems, EXIT.usage)
  return revisions
}

function load(yaml: Yaml, text: string, file: string, options: LoadOptions): LoadedRevision {
  const source = sourceOf(yaml, text, file, { asWritten: AS_WRITTEN })
  const outer = documentFindings(source.data, wrong)
  const written = isMapping(source.data) ? source.data : {}
  // Its signs may be written as escapes, too.
  const vars = /\{x:|\\/.test(text) ? options.vars : undefined
  const upgrade = readOperations(written.upgrade, ['upgrade'], vars)
  const downgrade = readOperations(written.downgrade, ['downgrade'], vars)
  const lists = { upgrade: upgrade.data, downgrade: downgrade.data }
  const found = sorted([...outer, ...upgrade.wrong, ...downgrade.wrong], lists)
  stopAt(found.wrong, source.locate)
  return assemble(yaml, source, lists, found.missing)
}

function readOperations(data: unknown, path: Path, vars: Vars | undefined) {
  if (!Array.isArray(data)) return { data: [], wrong: [] }
  if (vars === undefined) return { data, wrong: operationsFindings(data, path) }
  const { data: substituted, wrong } = substitute(data, vars, path)
  return { data: substituted, wrong: [...wrong, ...operationsFindings(substituted, path)] }
}

function assemble(
  yaml: Yaml,
  source: Source,
  { upgrade, downgrade }: Readonly<Record<'upgrade' | 'downgrade', readonly WrittenOperation[]>>,
  missing: readonly Finding[],
): LoadedRevision {
  const { file, text } = source
  const document = source.data as RevisionDocument
  // A locator of its own, so that the tree of the file is not kept.
  const locate = lazyLocator(yaml, text, file)
  const located = (key: string) => (written: WrittenOperation, i: number) =>
    locatedOperation(
      written,
      [key, i],
      locate,
      missing.length === 0
        ? missing
        : missing.filter(({ problem: { path } }) => path[0] === key && path[1] === i),
    )
  const node = locatedNode(document, file, locate)
  const { fields: _, at: __, ...header } = node
  const { transaction, settings, downgrade: back } = document
  return {
    ...header,
    ...(transaction === undefined ? {} : { transaction }),
    ...(settings === undefined ? {} : { settings }),
    upgrade: upgrade.map(located('upgrade')),
    ...(back === undefined ? {} : {
      downgrade: 'irreversible' in back
        ? { irreversible: back.irreversible, place: () => locate(['downgrade'], 'key') }
        : { operations: downgrade.map(located('downgrade')) },
    }),
    hash: contentHash(document),
    node,
  }
}

function locatedOperation(
  written: WrittenOperation,
  path: Path,
  locate: Locator,
  missing: readonly Finding[],
): Located {
  const kind = kindOf(written)
  return {
    operation: toOperation(written),
    ...(missing.length === 0
      ? {}
      : { missing: missing.map(({ problem, at }) => ({ ...problem, at: locate(problem.path, at) })) }),
    locate(problem) {
      if (problem.at !== undefined) return problem
      const inner = problem.path ?? []
      const whole = inner[0] === 'only' ? [...path, ...inner] : [...path, kind, ...inner]
      return { ...problem, at: locate(whole, inner.length === 0 ? 'key' : 'value') }
    },
  }
}
