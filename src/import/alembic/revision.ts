/** A revision module of Alembic as a revision of limbeck. */
import path from 'node:path'
import { spanAt } from '../../revision/yaml/text.ts'
import { EXIT, fault } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { boundNames } from '../evaluate/bound-names.ts'
import { isKind, isSequence, text } from '../evaluate/value.ts'
import type { Scope, Value } from '../evaluate/value.ts'
import { parsePython } from '../python/parse.ts'
import type { Grammar } from '../python/parse.ts'
import type { FunctionDefinition, Place, Statement } from '../python/syntax.ts'
import type { Imported, ImportedDowngrade, Step } from '../imported.ts'
import { Collection } from './context.ts'
import type { Emitted, Options } from './context.ts'
import { readForBoth } from './functions.ts'
import type { Module } from './functions.ts'
import { AlembicHost } from './host.ts'
import { runModule } from './neighbours.ts'

/**
 * Reads a revision module.
 * @param file its path, as it is shown
 * @returns undefined when it is no revision: a module without `revision`
 * @throws `python-syntax`, `too-deep`, `bad-revision-module` with exit code 2
 */
export function readRevision(
  grammar: Grammar,
  source: string,
  file: string,
  options: Options,
): Imported | undefined {
  const statements = parsePython(grammar, source, file)
  const module = readModule(statements, source, file, options)
  const id = module.scope.names.get('revision')
  if (id === undefined) return undefined
  const { functions } = module
  const up = functions.get('upgrade')
  if (up === undefined) {
    return fault('bad-revision-module', 'the revision has no function "upgrade"', {
      exit: EXIT.usage,
      at: spanAt(file, source, 0),
    })
  }
  const upgrade = readForBoth(up, module, options)
  const steps = upgrade.raised === undefined
    ? upgrade.operations
    : [...upgrade.operations, raising(up, upgrade.raised, module)]
  const down = functions.get('downgrade')
  const back = down === undefined ? undefined : readForBoth(down, module, options)
  const settings = new Map([...(back?.collection.settings ?? []), ...upgrade.collection.settings])
  const located = (one: Emitted): Step => ({ ...one, at: spanAt(file, source, one.at.from) })
  const document = docstring(statements)
  const labels = labelsOf(module)
  return {
    id: named(id, 'revision', module),
    down: names(module, 'down_revision'),
    labels: labels.known,
    dependsOn: names(module, 'depends_on'),
    message: messageOf(document),
    ...created(document),
    ...remarksOf(document),
    file,
    settings: Object.fromEntries(settings),
    upgrade: steps.map(located),
    downgrade: downgradeOf(back, down, located),
    notes: [...labels.notes, ...upgrade.collection.notes, ...(back?.collection.notes ?? [])].map((
      one,
    ): Problem => ({
      code: 'import-note',
      severity: 'warning',
      message: one.message,
      at: spanAt(file, source, one.at.from),
    })),
  }
}

/** An upgrade that raises is for a person to look at. */
function raising(definition: FunctionDefinition, message: string, module: Module): Emitted {
  const at = definition.body.find((one) => one.kind === 'raise') ?? definition
  const line = module.source.slice(0, at.from).split('\n').length
  return {
    operation: {
      op: 'todo',
      why: `the upgrade raises an error${message === '' ? '' : `: ${message}`}`,
      file: `${module.file}:${line}`,
      source: module.source.slice(at.from, at.to),
    },
    at,
  }
}

function downgradeOf(
  back: ReturnType<typeof readForBoth> | undefined,
  down: FunctionDefinition | undefined,
  located: (one: Emitted) => Step,
): ImportedDowngrade {
  if (back === undefined || down === undefined) return { irreversible: 'the original has no downgrade' }
  if (back.raised === undefined) return { steps: back.operations.map(located) }
  return { irreversible: back.raised === '' ? 'the original raises an error' : back.raised }
}

/** The module's names and functions. A statement that is not understood leaves its names unknown. */
function readModule(
  statements: readonly Statement[],
  source: string,
  file: string,
  options: Options,
): Module {
  const scope: Scope = { names: new Map([['__name__', `${path.parse(file).name}_py`]]) }
  const functions = new Map<string, FunctionDefinition>()
  for (const one of statements) {
    if (one.kind === 'function') functions.set(one.name, one)
    // What the decorator makes of it is not known.
    if (one.kind === 'decorated') {
      functions.set(one.name, { ...one, kind: 'function', parameters: [], body: [one] })
    }
  }
  runModule(statements, scope, new AlembicHost(new Collection(options, options.dialect)))
  return { file, source, scope, functions, statements }
}

function named(value: Value, name: string, module: Module): string {
  if (typeof value === 'string') return value
  return fault('bad-revision-module', `"${name}" of the revision is no constant`, {
    exit: EXIT.usage,
    at: spanAt(module.file, module.source, placeOf(name, module).from),
    hint: 'write what it is there, in a copy of the file if need be: modules of the application are not read',
  })
}

/** Where the module says what the name is. */
function placeOf(name: string, { statements }: Module): Place {
  return statements.find((one) => boundNames(one).includes(name)) ?? { from: 0, to: 0 }
}

/** One text, several, or None. */
function names(module: Module, name: string): string[] {
  return valuesOf(module, name).map((one) => named(one, name, module))
}

function valuesOf(module: Module, name: string): readonly Value[] {
  const value = module.scope.names.get(name) ?? null
  if (value === null) return []
  return isSequence(value) ? value.items : [value]
}

/** No table depends on a label: one that the application holds is left out, and told. */
function labelsOf(module: Module): { readonly known: string[]; readonly notes: Collection['notes'] } {
  const values = valuesOf(module, 'branch_labels')
  const known = values.filter((one) => typeof one === 'string')
  const notes = values.filter((one) => typeof one !== 'string').map((one) => ({
    message: `the label ${
      isKind(one, 'path') ? `"${one.path}" ` : ''
    }is no constant, and is left out: add it to branch_labels of the revision`,
    at: placeOf('branch_labels', module),
  }))
  return { known, notes }
}

function docstring(statements: readonly Statement[]): string {
  const [first] = statements
  return first?.kind === 'expression' && first.value.kind === 'constant' ? text(first.value.value) : ''
}

/** What Alembic's template writes of itself. */
const BOILERPLATE = /^[\s#]*(Revision ID|Revises|Create Date|Branches|Depends on)\b/i

/** Alembic's `doc`: what stands before the first empty line, and before what its template writes below it. */
function messageOf(document: string): string {
  const lines = document.trim().split(/\n\s*\n/)[0]!.split('\n')
  const end = lines.findIndex((line) => BOILERPLATE.test(line))
  return lines.slice(0, end < 0 ? undefined : end).join('\n').replaceAll(/\s*\n\s*/g, ' ').trim()
}

/** The lines after the message, without those that Alembic's template writes. */
function remarksOf(document: string): { readonly remarks?: readonly string[] } {
  const paragraphs = document.trim().split(/\n\s*\n/)
    .map((one) => one.split('\n').filter((line) => !BOILERPLATE.test(line)))
  const remarks = paragraphs.slice(1).filter((lines) => lines.length > 0)
    .flatMap((lines, i) => i === 0 ? lines : ['', ...lines])
  return remarks.length === 0 ? {} : { remarks }
}

const DATE =
  /^Create Date:\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?/m

/**
 * Alembic writes local time, or that of its `timezone`; without an offset it is taken for UTC. What people made up, and
 * is no date, is left out.
 */
function created(document: string): { readonly created?: string } {
  const match = DATE.exec(document)
  if (match === null) return {}
  const [, day, time, given = 'Z'] = match
  const clock = time!.length === 5 ? `${time}:00` : time
  const offset = given.length === 3 ? `${given}:00` : given
  const written = `${day}T${clock}${offset === '+00:00' ? 'Z' : offset}`
  return Number.isNaN(Date.parse(written)) ? {} : { created: written }
}
