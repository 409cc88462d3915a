/** Constants that a revision imports from modules of its application: their files are read, never run. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '../../problem.ts'
import { readText } from '../../revision/yaml/text.ts'
import { boundNames } from '../evaluate/bound-names.ts'
import { Execution, unknown } from '../evaluate/execution.ts'
import type { StatementHost } from '../evaluate/execution.ts'
import { isKind, isSequence } from '../evaluate/value.ts'
import type { Scope, Value } from '../evaluate/value.ts'
import { parsePython } from '../python/parse.ts'
import type { Grammar } from '../python/parse.ts'
import type { Expression, Statement } from '../python/syntax.ts'
import { LIBRARIES } from './arguments.ts'

/** So far above a revision its application is looked for. */
const HIGHEST = 8

export class Neighbours {
  readonly #grammar: Grammar
  /** Where modules are, seen from a folder. */
  readonly #files = new Map<string, string | undefined>()
  readonly #modules = new Map<string, ReadonlyMap<string, Value>>()
  constructor(grammar: Grammar) {
    this.#grammar = grammar
  }

  /**
   * The constant that a dotted name stands for: `app.constants.ROLES`, `.constants.ROLES`.
   * @param file where it is imported
   * @returns undefined for what is no constant, or in no file of the application
   */
  constant(dotted: string, file: string): Value | undefined {
    const [, dots, rest] = /^(\.*)(.*)$/.exec(dotted)!
    const words = rest!.split('.')
    const name = words.pop()!
    if (dots === '' && (words.length === 0 || LIBRARIES.test(dotted))) return undefined
    const value = this.#valueOf(dots!.length, words, name, path.dirname(path.resolve(file)))
    // Whoever changes a list changes his own.
    return value !== undefined && isConstant(value) ? structuredClone(value) : undefined
  }

  /** A name of a module, or of a class in one. */
  #valueOf(dots: number, words: readonly string[], name: string, folder: string): Value | undefined {
    const module = this.#fileOf(dots, words, folder)
    if (module !== undefined) return this.#names(module).get(name)
    const around = words.length < 2 ? undefined : this.#fileOf(dots, words.slice(0, -1), folder)
    const known = around === undefined ? undefined : this.#names(around).get(words.at(-1)!)
    return isKind(known, 'class') ? known.members.find(([one]) => one === name)?.[1] : undefined
  }

  /** The file of a module; absolute names begin in the nearest folder above that has them. */
  #fileOf(dots: number, words: readonly string[], folder: string): string | undefined {
    const key = [folder, dots, ...words].join('\0')
    if (!this.#files.has(key)) {
      const start = dots === 0 ? folder : path.join(folder, '../'.repeat(dots - 1))
      const folders = [start]
      while (dots === 0 && folders.length < HIGHEST) folders.push(path.dirname(folders.at(-1)!))
      const places = folders.map((one) => path.join(one, ...words))
      const files = places.flatMap((one) => [`${one}.py`, path.join(one, '__init__.py')])
      this.#files.set(key, files.find((one) => existsSync(one)))
    }
    return this.#files.get(key)
  }

  /** What the module in a file consists of; nothing, where it does not parse. */
  statements(file: string): readonly Statement[] {
    return readable(() => parsePython(this.#grammar, this.source(file), file), [])
  }

  /** The text of a file; nothing, where it cannot be read. */
  source(file: string): string {
    return readable(() => readText(file), '')
  }

  /** What an expression of the module is worth; undefined when that is not known. */
  evaluated(expression: Expression, file: string): Value | undefined {
    const scope: Scope = { names: new Map(this.#names(file)) }
    const assign: Statement = {
      kind: 'assign',
      targets: [{ kind: 'name', name: '', from: 0, to: 0 }],
      value: expression,
      from: 0,
      to: 0,
    }
    runModule([assign], scope, this.#hostOf(file))
    const value = scope.names.get('')
    return isKind(value, 'unknown') ? undefined : value
  }

  #hostOf(file: string): StatementHost {
    return {
      call: () => undefined,
      attribute: () => undefined,
      imported: (dotted) => this.constant(dotted, file),
    }
  }

  #names(file: string): ReadonlyMap<string, Value> {
    const known = this.#modules.get(file)
    if (known !== undefined) return known
    const scope: Scope = { names: new Map() }
    // What modules import from each other in a circle is not known.
    this.#modules.set(file, new Map())
    runModule(this.statements(file), scope, this.#hostOf(file))
    this.#modules.set(file, scope.names)
    return scope.names
  }
}

/** What comes of the work; instead of a file that cannot be read, or does not parse, comes nothing. */
function readable<T>(work: () => T, nothing: T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ProblemError) return nothing
    throw error
  }
}

/** Runs what a module consists of. A statement that is not understood leaves its names unknown. */
export function runModule(
  statements: readonly Statement[],
  scope: Scope,
  host: StatementHost,
): void {
  const execution = new Execution(host)
  for (const one of statements) {
    try {
      execution.run(one, scope)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      boundNames(one).forEach((name) => scope.names.set(name, unknown(error.message, [one])))
      if (one.kind === 'class') scope.names.set(one.name, unknown(error.message, [one]))
    }
  }
}

function isConstant(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true
  if (isSequence(value)) return value.items.every(isConstant)
  if (isKind(value, 'dict')) return value.entries.flat().every(isConstant)
  if (isKind(value, 'class')) {
    return value.isEnum && value.members.every(([, one]) => isConstant(one) || isKind(one, 'construct'))
  }
  return value.kind === 'float' || (value.kind === 'member' && isConstant(value.value))
}
