/** Folders of SQL migrations: dbmate, goose, golang-migrate, sql-migrate, sqlx, Flyway, refinery, Diesel, Prisma, tern, node-pg-migrate. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault, faults } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { readText, spanAt } from '../../revision/yaml/text.ts'
import type { Imported, ImportedDowngrade, Step } from '../imported.ts'
import { codeOf } from './code.ts'
import { migrationOf } from './layouts.ts'
import type { Filled, Migration, Part } from './layouts.ts'
import { stepsOf, todo } from './steps.ts'

export interface Original {
  readonly revisions: readonly Imported[]
  /** Files of SQL that are no migrations, by their names. */
  readonly skipped: readonly string[]
}

/**
 * Reads the migrations of a folder as one line of revisions, in the order of their versions.
 * @param show how paths are shown
 * @throws what cannot be read, with exit code 2
 */
export function readSqlFolder(
  folder: string,
  dialect: DialectName,
  show: (file: string) => string,
): Original {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    fault('no-such-folder', `there is no folder "${folder}"`, {
      exit: EXIT.usage,
      hint: 'name the folder that holds the migrations',
    })
  }
  const parts: Migration[] = []
  const skipped: string[] = []
  for (const name of filesIn(folder)) {
    const file = path.join(folder, name)
    const sql = /\.sql$/.test(name)
    const one = sql
      ? migrationOf(name, readText(file), show(file))
      : codeOf(name, show(file), () => readText(file))
    if (one !== undefined) parts.push(one)
    else if (/\.sql(\.|$)/i.test(name)) skipped.push(name)
  }
  if (parts.every((one) => one.language !== undefined)) none(folder, skipped, parts)
  const versions = new Set(parts.filter((one) => one.language === undefined).map((one) => one.version))
  const beside = (one: Migration) => one.language !== undefined && versions.has(one.version)
  const migrations = joined(led(parts.filter((one) => !beside(one))))
  return {
    revisions: migrations.map((one, i) => imported(one, migrations[i - 1], dialect)),
    skipped: [
      ...skipped.map((name) => show(path.join(folder, name))),
      // A tool that runs both takes no version twice: this one runs no programs.
      ...parts.filter(beside).map((one) => one.file),
    ],
  }
}

/** Files called `U…` lead on where none of them undoes anything, as refinery's do. */
function led(parts: readonly Migration[]): readonly Migration[] {
  const done = new Set(parts.filter((one) => one.up !== undefined).map((one) => one.version))
  if (parts.some((one) => one.undo && done.has(one.version))) return parts
  return parts.map((one) => {
    const { undo, down, ...rest } = one
    return undo && down !== undefined ? { ...rest, up: down, unversioned: true } : one
  })
}

/** @throws always: there is no migration of SQL, and why */
function none(folder: string, skipped: readonly string[], [code]: readonly Migration[]): never {
  if (code !== undefined) {
    return fault('no-revisions', `the migrations in "${folder}" are written in ${code.language}`, {
      exit: EXIT.usage,
      hint: code.language === 'Python'
        ? '`limbeck import alembic` reads those of Alembic'
        : 'only SQL can be read; `limbeck revision --baseline` makes a revision of a database that they made',
    })
  }
  const inner = skipped.find((name) => migrationOf(path.posix.basename(name), '', name) !== undefined)
  return fault('no-revisions', `there are no migrations in "${folder}"`, {
    exit: EXIT.usage,
    hint: inner === undefined
      ? 'they are .sql files called by a version: 20240102_users.sql, 1_users.up.sql, V1__users.sql, 20240102_users/up.sql'
      : `name the folder in it that holds them: ${path.join(folder, path.posix.dirname(inner))}`,
  })
}

/** The files of the folder, and of the folders in it, however deep. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.map((name) => name.replaceAll('\\', '/')).sort()
}

/** Files of one version are one migration; sorted by version: numbers by their size. */
function joined(parts: readonly Migration[]): Migration[] {
  const byVersion = new Map<string, Migration>()
  const problems: Problem[] = []
  for (const one of parts) {
    const known = byVersion.get(one.version)
    const twice = known !== undefined && ((known.up && one.up) || (known.down && one.down))
    if (twice) {
      problems.push({
        code: 'version-twice',
        severity: 'error',
        message: `the version "${one.version}" is there twice: ${known.file} and ${one.file}`,
      })
    }
    byVersion.set(
      one.version,
      known === undefined ? one : { ...known, ...one, file: known.up ? known.file : one.file },
    )
  }
  const alone = [...byVersion.values()].find((one) => one.up === undefined)
  if (alone !== undefined) {
    problems.push({
      code: 'no-upgrade',
      severity: 'error',
      message: `${alone.file} undoes a migration that is not there`,
    })
  }
  if (problems.length > 0) faults(problems, EXIT.usage)
  return [...byVersion.values()].sort((a, b) => compared(a.version, b.version))
}

/** `10` comes after `9`, `1.2` before `1.10`; a repeatable migration comes last. */
function compared(a: string, b: string): number {
  if (a.startsWith('R') !== b.startsWith('R')) return a.startsWith('R') ? 1 : -1
  const [left, right] = [a, b].map((one) => one.split(/[._]/))
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const [x, y] = [BigInt(digits(left![i])), BigInt(digits(right![i]))]
    if (x !== y) return x < y ? -1 : 1
  }
  return a < b ? -1 : a > b ? 1 : 0
}

function digits(text: string | undefined): string {
  return text !== undefined && /^\d+$/.test(text) ? text : '0'
}

function imported(one: Migration, before: Migration | undefined, dialect: DialectName): Imported {
  const notes: Problem[] = []
  const settings = new Map<string, string>()
  const read = (part: Part): Step[] =>
    part.texts.flatMap(({ sql, offset }) =>
      stepsOf(sql, dialect, {
        at: (inner) => spanAt(part.file, part.source, offset + inner),
        settings,
        note: (message, at) => notes.push({ code: 'import-note', severity: 'warning', message, at }),
        wrong: (text) => unfilled(text, one.filled),
      })
    )
  const upgrade = one.language === undefined ? read(one.up!) : program(one.up!, one.language)
  if (one.repeatable) notes.push(noteOn(one.up!, REPEATABLE))
  if (one.unversioned) notes.push(noteOn(one.up!, UNVERSIONED))
  notes.push(...changesets(one.up!))
  const downgrade: ImportedDowngrade = one.down !== undefined ? { steps: read(one.down) } : {
    irreversible: one.language === undefined
      ? 'the original has no way back'
      : `what undoes it is written in ${one.language}: ${one.file}`,
  }
  return {
    id: one.id,
    down: before === undefined ? [] : [before.id],
    labels: [],
    dependsOn: [],
    message: one.message,
    ...createdOf(one.version),
    file: one.file,
    settings: Object.fromEntries(settings),
    ...(one.transaction === undefined ? {} : { transaction: one.transaction }),
    upgrade,
    downgrade,
    notes,
  }
}

/** What its tool would have put something else in the place of. */
function unfilled(text: string, filled: Filled | undefined): string | undefined {
  const match = filled?.pattern.exec(text)
  if (!match) return undefined
  return `${filled!.tool} fills in "${match[0]}": limbeck's variables are \${x:name}, with -x name=value`
}

function program({ file, source }: Part, language: string): Step[] {
  const at = spanAt(file, source, 0)
  return [{ operation: todo(`it is written in ${language}`, source, at), at }]
}

const NOT_READ = /^[ \t]*--[ \t]*(?:changeset[ \t]+\S+[ \t]+(\S.*)|((?:rollback|preconditions)\b.*))$/gim

/** What the comments of Liquibase's formatted SQL say besides where a changeset begins. */
function changesets({ file, source }: Part): Problem[] {
  if (!/^\s*--[ \t]*liquibase formatted sql/i.test(source)) return []
  return [...source.matchAll(NOT_READ)].map((match): Problem => ({
    code: 'import-note',
    severity: 'warning',
    message:
      `"${
        match[1] ?? match[2]
      }" of Liquibase is not read: all changesets become the upgrade of one revision, ` +
      'and its downgrade is to be written',
    at: spanAt(file, source, match.index),
  }))
}

const REPEATABLE = 'a repeatable migration becomes an ordinary revision: it is not run again when it changes'
const UNVERSIONED =
  "it leads on, as refinery's files do: one that undoes, as Flyway's, has a V of its version"

function noteOn({ file, source }: Part, message: string): Problem {
  return { code: 'import-note', severity: 'warning', message, at: spanAt(file, source, 0) }
}

/** A version that is a date says when the migration was made. */
function createdOf(version: string): { readonly created?: string } {
  const match = /^(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:\.\d+)?$/.exec(
    version,
  )
  if (match === null) return {}
  const [, year, month, day, hour, minute, second] = match
  return { created: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` }
}
