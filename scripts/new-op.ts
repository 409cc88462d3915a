/**
 * Begins a new operation: `scripts/new-op.ts create_thing` writes `src/ops/create-thing.ts`, its two lines in
 * the registry, and an empty golden case. What it writes compiles; its case fails until the operation is
 * written.
 */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const KIND = /^[a-z]+(?:_[a-z]+)*$/

/** The names an operation has: create_thing, create-thing, createThing, CreateThing, `create thing`. */
interface Names {
  readonly kind: string
  readonly file: string
  readonly value: string
  readonly type: string
  readonly words: string
}

function namesOf(kind: string): Names {
  const value = kind.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return {
    kind,
    file: kind.replaceAll('_', '-'),
    value,
    type: value[0]!.toUpperCase() + value.slice(1),
    words: kind.replaceAll('_', ' '),
  }
}

function source({ kind, value, type, words }: Names): string {
  const Words = words[0]!.toUpperCase() + words.slice(1)
  return `import { shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { everywhere } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({
  name: name('Its name.'),
  schema,
})

export type ${type} = Op<'${kind}', typeof shape>

/**
 * ${Words}.
 *
 * \`\`\`yaml
 * - ${kind}: { name: example }
 * \`\`\`
 * PostgreSQL and SQLite: \`…\`
 */
export const ${value}: Definition<${type}> = {
  kind: '${kind}',
  summary: '${Words}.',
  shape,
  example: { operation: { op: '${kind}', name: 'example' } },
  apply: (op) => fault('unwritten', \`${kind} does not change the model yet ("\${shown(op)}")\`),
  invert: (op) => ({ irreversible: \`nothing undoes ${kind} yet ("\${shown(op)}")\` }),
  compile: everywhere((op, { sql }) => [{ sql: \`${words.toUpperCase()} \${sql.qualified(op)}\` }]),
  effects: () => [],
  describe: (op) => \`${words} \${shown(op)}\`,
}
`
}

function goldenCase({ kind }: Names): string {
  return `given: []\noperation: { ${kind}: { name: example } }\n`
}

const IMPORT = /^import \{ (\w+) \} from '\.\/[a-z-]+(?:\/index)?\.ts'\n/gm
const ENTRY = /^ {2}(\w+),\n/gm

/** The registry with the import and the entry of the operation, each where the alphabet puts it. */
export function registered(text: string, { value, file }: Pick<Names, 'value' | 'file'>): string {
  const list = text.indexOf('DEFINITIONS = [')
  assert(list > 0, 'src/ops/index.ts has no list of DEFINITIONS')
  const [head, tail] = [text.slice(0, list), text.slice(list)]
  const entries = [...tail.matchAll(ENTRY)]
  const known = new Set(entries.map((entry) => entry[1]))
  const imports = [...head.matchAll(IMPORT)].filter((each) => known.has(each[1]))
  return inserted(head, imports, value, `import { ${value} } from './${file}.ts'\n`) +
    inserted(tail, entries, value, `  ${value},\n`)
}

/** The text with the line before the first one whose captured name comes later, or behind the last one. */
function inserted(text: string, lines: readonly RegExpExecArray[], name: string, line: string): string {
  const next = lines.find((one) => one[1]! > name)
  const last = lines.at(-1)
  assert(last !== undefined, `there is no line like ${JSON.stringify(line)} to put it beside`)
  const place = next?.index ?? last.index + last[0].length
  return text.slice(0, place) + line + text.slice(place)
}

/**
 * Writes the files of a new operation.
 * @returns their paths
 */
function begin(kind: string): string[] {
  const names = namesOf(kind)
  const registry = join(ROOT, 'src/ops/index.ts')
  const files = [
    [join(ROOT, `src/ops/${names.file}.ts`), source(names)],
    [join(ROOT, `tests/ops/${names.file}/basic.yaml`), goldenCase(names)],
  ] as const
  const taken = [...files.map(([path]) => path), join(ROOT, `src/ops/${names.file}`)].find(fs.existsSync)
  assert(taken === undefined, `${kind} is there already: ${relative(ROOT, taken ?? '')}`)
  const list = registered(fs.readFileSync(registry, 'utf8'), names)
  for (const [path, text] of files) {
    fs.mkdirSync(dirname(path), { recursive: true })
    fs.writeFileSync(path, text)
  }
  fs.writeFileSync(registry, list)
  return [...files.map(([path]) => path), registry]
}

if (import.meta.main) {
  const [kind = '', ...more] = process.argv.slice(2)
  if (!KIND.test(kind) || more.length > 0) {
    console.error('usage: scripts/new-op.ts <kind>, in small letters: create_thing')
    process.exitCode = 2
  } else {
    for (const path of begin(kind)) console.error(relative(ROOT, path))
  }
}
