/**
 * YAML with positions: the text of a file as plain data, and for every path in it the line and column. All that reads
 * YAML goes through here; the `yaml` library is loaded when the first file is read.
 */
import type { Composer, Document, Lexer, Node, Parser } from 'yaml'
import { EXIT, fault } from '../../problem.ts'
import type { Path, Span } from '../../problem.ts'
import { keyText, plainData } from './plain.ts'
import type { AsWritten } from './plain.ts'
import { quickData } from './quick.ts'
import { conflictMarker, SETTLE, syntaxHint } from './syntax-hint.ts'
import { readText, spanAt } from './text.ts'
import { loadYaml } from './yaml.ts'
import type { Yaml } from './yaml.ts'

/** A YAML file that was understood. */
export interface Source {
  readonly file: string
  /** The text; line ends are "\n". */
  readonly text: string
  /** Plain objects, lists, strings, finite numbers, booleans and null; null for an empty file. */
  readonly data: unknown
  /** See {@link Locator}. */
  readonly locate: Locator
}

/**
 * Where a path stands: its value, or (for `key`) the key that the path ends with. A path that does not exist gives the
 * nearest thing around it that does.
 */
export type Locator = (path: Path, at?: 'key' | 'value') => Span

export interface SourceOptions {
  /** Top-level keys whose scalars stay text whatever they look like. */
  readonly asWritten?: AsWritten
}

/** Nesting deeper than this is refused: the parser recurses, and would overflow the stack. */
const DEEPEST = 100

/** A file with more words and signs than this is refused: it would take minutes. It stands for some 30,000 rows. */
const MOST_LEXEMES = 1_000_000

/**
 * Reads a file as one YAML 1.2 document (core schema).
 * @throws a fault with exit code 2 for whatever is wrong with the file or its YAML
 */
export async function readSource(file: string, options: SourceOptions = {}): Promise<Source> {
  return await parseSource(readText(file), file, options)
}

/** As {@link readSource}, for a text that is there already. `file` is what problems name. */
export async function parseSource(text: string, file: string, options: SourceOptions = {}): Promise<Source> {
  return sourceOf(await loadYaml(), text, file, options)
}

/** As {@link parseSource}, with the library at hand: it reads what is not ordinary, and finds places. */
export function sourceOf(yaml: Yaml, written: string, file: string, options: SourceOptions = {}): Source {
  const text = written.replace(/\r\n?/g, '\n')
  const quick = quickData(text, options.asWritten)
  return quick === undefined
    ? composedSource(yaml, text, file, options)
    : { file, text, data: quick, locate: lazyLocator(yaml, text, file) }
}

/** As {@link sourceOf}, by the library alone. @param text its line ends are "\n" */
export function composedSource(yaml: Yaml, text: string, file: string, options: SourceOptions = {}): Source {
  const document = compose(yaml, text, file)
  const data = plainData(yaml, document.contents as Node | null, {
    span: (offset) => spanAt(file, text, offset),
    deepest: DEEPEST,
    asWritten: options.asWritten ?? new Map(),
  })
  return { file, text, data, locate: (path, at) => locateIn(yaml, document, text, file, path, at) }
}

/** Finds places in a text that is known to be sound, parsing it again only when it is asked. */
export function lazyLocator(yaml: Yaml, text: string, file: string): Locator {
  let document: Document | undefined
  return (path, at) => locateIn(yaml, document ??= compose(yaml, text, file), text, file, path, at)
}

/**
 * The document of a text, without its data: for whoever edits the text.
 * @throws `yaml-syntax` and the like, as {@link readSource}
 */
function compose(yaml: Yaml, text: string, file: string): Document {
  refuseControls(text, file)
  // Duplicate keys are found by plainData: the library compares every key with every other, which takes minutes on a
  // hostile file.
  const composer = new yaml.Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false })
  const documents = documentsOf(composer, guarded(new yaml.Lexer(), new yaml.Parser(), text, file), text)
  const first = documents.next().value as Document
  const second = documents.next()
  const error = first.errors[0]
  if (error !== undefined) syntaxFault(error, text, file)
  if (!second.done) {
    fault('several-documents', 'several YAML documents in one file', {
      exit: EXIT.usage,
      at: spanAt(file, text, separatorBefore(text, second.value.range[0])),
      hint: 'put each into a file of its own',
    })
  }
  return first
}

function documentsOf(composer: Composer, tokens: ReturnType<typeof guarded>, text: string) {
  return composer.compose(tokens, true, text.length)
}

/** After so many errors and directives the rest is not read: only the first error is told. */
const MOST_ERRORS = 20

/** The parser's tokens, as long as there are not too many and they are not nested too deep. */
function* guarded(lexer: Lexer, parser: Parser, text: string, file: string) {
  let [count, errors] = [0, 0]
  const refuse = (code: string, message: string) =>
    fault(code, message, { exit: EXIT.usage, at: spanAt(file, text, parser.offset) })
  for (const lexeme of lexer.lex(text)) {
    if (++count > MOST_LEXEMES) refuse('file-too-large', 'too much to read in one file: split it')
    // A level of nesting is a collection on the parser's stack.
    if (parser.stack.length > DEEPEST + 1) refuse('too-deep', `nested more than ${DEEPEST} levels deep`)
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error' || token.type === 'directive') errors++
      yield token
    }
    if (errors > MOST_ERRORS) break
  }
  yield* parser.end()
}

/** The `---` that begins the document at an offset, for the caret. */
function separatorBefore(text: string, offset: number): number {
  const found = text.lastIndexOf('\n---', offset + 3)
  return found === -1 ? Math.min(offset, text.length) : found + 1
}

// deno-lint-ignore no-control-regex -- these are what YAML 1.2 refuses (§5.1), and what editors do not show
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

function refuseControls(text: string, file: string): void {
  const offset = text.search(CONTROL)
  if (offset === -1) return
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(2, '0')
  fault('control-character', `control character 0x${code}`, {
    exit: EXIT.usage,
    at: spanAt(file, text, offset),
    hint: `take it out, or write it as "\\x${code}" in double quotes`,
  })
}

function syntaxFault(error: Document['errors'][number], text: string, file: string): never {
  const marker = conflictMarker(text)
  const offset = marker ?? Math.min(error.pos[0], text.length)
  const message = marker === undefined
    ? `not valid YAML: ${error.message}`
    : 'a merge was not settled: both sides are in the file'
  const hint = marker === undefined ? syntaxHint(error, text, offset) : SETTLE
  fault(marker === undefined ? 'yaml-syntax' : 'conflict-marker', message, {
    exit: EXIT.usage,
    at: spanAt(file, text, offset),
    ...(hint === undefined ? {} : { hint }),
  })
}

function locateIn(
  yaml: Yaml,
  document: Document,
  text: string,
  file: string,
  path: Path,
  at: 'key' | 'value' = 'value',
): Span {
  let value = document.contents as Node | null
  let offset = startOf(value)
  for (const [index, step] of path.entries()) {
    if (yaml.isAlias(value)) value = value.resolve(document) ?? null
    if (yaml.isSeq(value) && typeof step === 'number') {
      const item = value.items[step] as Node | undefined
      if (item === undefined) break
      value = item
      offset = startOf(item) ?? offset
    } else if (yaml.isMap(value)) {
      const pair = value.items.find((one) => keyText(yaml, one.key) === String(step))
      if (pair === undefined) break
      const last = index === path.length - 1
      value = pair.value as Node | null
      const key = startOf(pair.key as Node)
      offset = last && at === 'key' ? key ?? offset : valueStart(yaml, value) ?? key ?? offset
    } else break
  }
  return spanAt(file, text, offset ?? 0)
}

/** A value of which nothing is written has no place of its own. */
function valueStart(yaml: Yaml, value: Node | null): number | undefined {
  if (yaml.isScalar(value) && value.source === '' && value.type === 'PLAIN') return undefined
  return startOf(value)
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0]
}
