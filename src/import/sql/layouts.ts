/** The layouts of SQL migrations: how files are called, and where in them the way back begins. */
import path from 'node:path'

/** A part of a file: texts of SQL, each with where it begins in the file. */
export interface Part {
  readonly file: string
  readonly source: string
  readonly texts: readonly { readonly sql: string; readonly offset: number }[]
}

export interface Filled {
  readonly tool: string
  readonly pattern: RegExp
}

export interface Migration {
  /** As the file's name has it. */
  readonly version: string
  /** What a revision can be called. */
  readonly id: string
  readonly message: string
  readonly file: string
  /** Whether the file asks to be run without one. */
  readonly transaction?: 'none'
  /** Whether its tool runs it again whenever it changes. */
  readonly repeatable?: true
  /** Whether it is called `U…`: it undoes for Flyway, and leads on for refinery. */
  readonly undo?: true
  /** Whether it is one of refinery's called so. */
  readonly unversioned?: true
  /** The programming language that it is written in. */
  readonly language?: string
  /** What its tool puts something else in the place of, before it runs it. */
  readonly filled?: Filled
  readonly up?: Part
  readonly down?: Part
}

const GOLANG = /^(\d+)_?(.*)\.(up|down)\.sql$/
const FLYWAY = /^([VUR])((?:\d+(?:[._]\d+)*)?)__(.*)\.sql$/
const FOLDER = /^(\d{4}-\d\d-\d\d_\d{6}|\d+(?:-\d+)*)(?:[_-](.*))?\/(up|down|migration)\.sql$/
const PLAIN = /^(\d+)(?:[_-](.*))?\.sql$/

/**
 * What a file is: by its name, and by the markers in it.
 * golang-migrate, sqlx: `1_users.up.sql`; Flyway: `V1_1__users.sql`, `U1_1__users.sql`; Diesel:
 * `2024-01-02-030405_users/up.sql`; Prisma: `20240102030405_users/migration.sql`; dbmate: `-- migrate:up`; goose:
 * `-- +goose Up`; sql-migrate: `-- +migrate Up`; node-pg-migrate: `-- Up Migration`; tern: `---- create above / drop below ----`.
 * @param name in the folder, with the folder in it that the file is in
 * @returns undefined for a file that is no migration
 */
export function migrationOf(name: string, source: string, file: string): Migration | undefined {
  const whole: Part = { file, source, texts: [{ sql: source, offset: 0 }] }
  const outside = withoutTransaction(source)
  const own = FOLDER.exec(name)
  if (own !== null) {
    const [, version, words, direction] = own
    const names = named(dated(version!), words ?? '')
    return { ...names, file, ...(direction === 'down' ? { down: whole } : { up: whole }), ...outside }
  }
  // Flyway looks into folders of folders.
  const flyway = FLYWAY.exec(path.basename(name))
  if (flyway !== null) {
    const [, kind, version, words] = flyway
    const filled: Filled = { tool: 'Flyway', pattern: /\$\{[^{}]+\}/ }
    if (kind === 'R') return { ...named(`R${words!}`, words!), file, repeatable: true, filled, up: whole }
    const names = { ...named(version!, words!), file, filled }
    return kind === 'V' ? { ...names, up: whole } : { ...names, undo: true, down: whole }
  }
  if (name.includes('/')) return undefined
  const golang = GOLANG.exec(name)
  if (golang !== null) {
    const [, version, words, direction] = golang
    return {
      ...named(version!, words!),
      file,
      ...(direction === 'up' ? { up: whole } : { down: whole }),
      ...outside,
    }
  }
  const plain = PLAIN.exec(name)
  if (plain === null) return undefined
  const filled = FILLED.find(({ asked }) => asked.test(source))
  return {
    ...named(plain[1]!, plain[2] ?? ''),
    file,
    ...marked(whole),
    ...outside,
    ...(filled === undefined ? {} : { filled }),
  }
}

/** What tools put in, where the file asks for that. A `$` may also begin a text between dollar signs. */
const FILLED: readonly (Filled & { readonly asked: RegExp })[] = [
  { tool: 'goose', asked: /^--[ \t]*\+goose[ \t]+envsub[ \t]+on\b/im, pattern: /\$\{|\$[a-z_]\w*(?![\w$])/i },
  { tool: 'tern', asked: /^---- create above \/ drop below ----/im, pattern: /\{\{/ },
]

/** `2024-01-02-030405` as a number, and Diesel's `2024-01-02-030405-0000` with the fraction of the second behind it. */
function dated(version: string): string {
  const [, second = version, fraction] = /^(\d{4}(?:-\d\d){2}-\d{6})-(\d+)$/.exec(version) ?? []
  const digits = second.replaceAll(/\D/g, '')
  return fraction === undefined ? digits : `${digits}.${fraction}`
}

/** An id takes no `@ : + -` and blanks, and at most 32 characters. */
export function named(version: string, words: string) {
  return {
    version,
    id: version.replaceAll(/[@:+\-\s]/g, '_').slice(0, 32),
    message: words.replaceAll(/[_-]+/g, ' ').trim(),
  }
}

/**
 * dbmate: `-- migrate:up transaction:false`; goose: `-- +goose NO TRANSACTION`; sql-migrate: `-- +migrate Up notransaction`;
 * Atlas: `-- atlas:txmode none`; sqlx: `-- no-transaction` at the beginning.
 */
function withoutTransaction(source: string): { readonly transaction?: 'none' } {
  const asked =
    /^[ \t]*--[ \t]*(?:migrate:(?:up|down)\b.*\btransaction:false|\+goose[ \t]+no[ \t]+transaction|\+migrate[ \t]+(?:up|down)[ \t]+notransaction|atlas:txmode[ \t]+none)\b/im
  return asked.test(source) || source.startsWith('-- no-transaction') ? { transaction: 'none' } : {}
}

const MARKER =
  /^[ \t]*--[ \t-]*(?:migrate:(up|down)\b.*|\+(?:goose|migrate)[ \t]+(up|down|statementbegin|statementend)\b.*|(up|down)[ \t]+migration[ \t]*|create above \/ (drop) below\b.*)$/gim

/** Where a marker leads. */
function wayOf(marker: RegExpExecArray): 'up' | 'down' | undefined {
  const word = marker.slice(1).find((one) => one !== undefined)?.toLowerCase()
  return word === 'up' ? 'up' : word === 'down' || word === 'drop' ? 'down' : undefined
}

/** The parts between markers; a file without any is the way up, and so is what stands before where only the way down is marked. */
function marked(whole: Part): { readonly up?: Part; readonly down?: Part } {
  const { source } = whole
  const markers = [...source.matchAll(MARKER)]
  const first = markers.find((one) => wayOf(one) !== undefined)
  if (first === undefined) return { up: whole }
  const texts: { up?: Part['texts'][number][]; down?: Part['texts'][number][] } = {}
  let side: 'up' | 'down' | undefined
  if (!markers.some((one) => wayOf(one) === 'up')) {
    texts.up = [{ sql: source.slice(0, first.index), offset: 0 }]
  }
  markers.forEach((one, i) => {
    side = wayOf(one) ?? side
    if (side === undefined) return
    const offset = one.index + one[0].length
    const sql = source.slice(offset, markers[i + 1]?.index ?? source.length)
    texts[side] = [...(texts[side] ?? []), { sql, offset }]
  })
  const part = (list: Part['texts'] | undefined) => list === undefined ? undefined : { ...whole, texts: list }
  const [up, down] = [part(texts.up), part(texts.down)]
  return { ...(up === undefined ? {} : { up }), ...(down === undefined ? {} : { down }) }
}
