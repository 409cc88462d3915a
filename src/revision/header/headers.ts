/** The headers of all revision files: enough for the graph, and fast enough for ten thousand files. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { EXIT, fault, faults, ProblemError } from '../../problem.ts'
import type { Problem, Span } from '../../problem.ts'
import { fullHeader } from '../document.ts'
import { GRAPH_FIELDS, headerNode } from './header.ts'
import type { HeaderNode } from './header.ts'
import { scanHeader } from './header-scan.ts'
import type { Place } from './header-scan.ts'
import type { RevisionField } from '../graph/node.ts'
import { LARGEST_FILE, readText, reasonOf } from '../yaml/text.ts'
import { loadYaml } from '../yaml/yaml.ts'

export interface HeaderOptions {
  /** Whether folders inside the folders are read too. */
  readonly recursive?: boolean
  /** A file that is no revision wherever it lies: the configuration. Absolute. */
  readonly except?: string
  /** Takes the texts of files by their names, as long as they are not many: so that they need not be read again. */
  readonly texts?: Map<string, string>
}

/** So many characters of files are kept in {@link HeaderOptions.texts}; in UTF-8 they are no larger than a file may be. */
const MOST_KEPT = Math.floor(LARGEST_FILE / 3)

/**
 * The nodes of all revision files, by folder in the given order, then by name.
 * @param folders as configured; the nodes' files begin with them
 * @throws faults with exit code 2: a folder that cannot be read, and all that is wrong with all files
 */
export async function readHeaders(
  folders: readonly string[],
  options: HeaderOptions = {},
): Promise<HeaderNode[]> {
  const nodes: HeaderNode[] = []
  const problems: Problem[] = []
  let kept = 0
  const keep = (file: string, text: string) => {
    // A character that is not UTF-8 is read as this one; the full reader says where it stands.
    if (kept + text.length > MOST_KEPT || text.includes('\ufffd')) return
    kept += text.length
    options.texts?.set(file, text)
  }
  for (const listed of listedFiles(folders, options)) {
    const { file } = listed
    try {
      nodes.push(quickHeader(listed, keep) ?? fullHeader(await loadYaml(), readText(file), file))
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) faults(problems, EXIT.usage)
  return nodes
}

/** A file of a folder. */
interface Listed {
  readonly file: string
  /** Whether it is a regular file for sure; what a link leads to is not known. */
  readonly regular: boolean
}

/**
 * The revision files of some folders: `*.yaml` and `*.yml`, dot files left out, each once.
 * @throws `unreadable-folder` with exit code 2
 */
export function revisionFiles(folders: readonly string[], options: HeaderOptions = {}): string[] {
  return listedFiles(folders, options).map(({ file }) => file)
}

function listedFiles(
  folders: readonly string[],
  { recursive = false, except }: HeaderOptions,
): Listed[] {
  const found = folders.flatMap((folder) => filesOf(folder, recursive))
  const configuration = except === undefined ? undefined : basename(except)
  const files = configuration === undefined
    ? found
    : found.filter(({ file }) => !file.endsWith(configuration) || resolve(file) !== except)
  if (folders.length === 1) return files
  // A folder may lie inside another one.
  const seen = new Set<string>()
  return files.filter(({ file }) => {
    const whole = resolve(file)
    return !seen.has(whole) && seen.add(whole)
  })
}

function filesOf(folder: string, recursive: boolean): Listed[] {
  const entries = read(folder, () => readdirSync(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
  return entries.sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    const file = join(folder, entry.name)
    if (recursive && entry.isDirectory()) return filesOf(file, true)
    return /\.ya?ml$/.test(entry.name) ? [{ file, regular: entry.isFile() }] : []
  })
}

function read<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const why = missing ? 'there is no such folder' : reason
    return fault('unreadable-folder', `cannot read the folder "${folder}": ${why}`, {
      exit: EXIT.usage,
      cause: error,
      ...(missing ? { hint: '`limbeck init` makes it; `revisions:` in limbeck.yaml names it' } : {}),
    })
  }
}

/** @returns undefined when the file is not ordinary, or cannot be read: then the full reader says what is wrong */
function quickHeader(
  { file, regular }: Listed,
  keep: (file: string, text: string) => void,
): HeaderNode | undefined {
  const text = quickText(file, regular)
  if (text !== undefined) keep(file, text)
  const scanned = text === undefined ? undefined : scanHeader(text)
  if (scanned === undefined) return undefined
  const { header, at, places } = scanned
  const fields: Partial<Record<RevisionField, Span>> = {}
  for (const field of GRAPH_FIELDS) {
    const place = places[field]
    if (place !== undefined) fields[field] = lazySpan(file, place)
  }
  return headerNode(header, file, lazySpan(file, at), fields)
}

function quickText(file: string, regular: boolean): string | undefined {
  try {
    // A pipe or a device would be read for ever.
    if (!regular && !statSync(file).isFile()) return undefined
    const text = readFileSync(file, 'utf8')
    if (text.length > LARGEST_FILE) return undefined
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  } catch (error) {
    if (reasonOf(error) === undefined) throw error
    return undefined
  }
}

/** Spans that read their text only when a code frame is wanted. */
const LAZY_SPAN = {
  get source(): string {
    return readText((this as unknown as Span).file)
  },
}

function lazySpan(file: string, { line, col }: Place): Span {
  return { __proto__: LAZY_SPAN, file, line, col } as Span
}
