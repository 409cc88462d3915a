/**
 * Test files put together for a run of all of them. Each file that Deno is given is a program of its own, which loads what
 * it tests; for most that takes longer than their tests. The files of a group load it once.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** So many files at most, so that groups can be run beside each other. */
const MOST = 8

/** Folders whose tests wait for processes and servers, which they had better do beside each other. */
const WAITING: ReadonlySet<string> = new Set(['tests/build', 'tests/faults'])

/** Whether a file is run by itself: also one with hooks (`Deno.test.beforeAll`), which are for all tests of a program. */
function isAlone(file: string): boolean {
  return WAITING.has(dirname(file)) || /\bpostgres(-\d+)?\.test\.ts$/.test(file)
}

/**
 * All files in groups: neighbours in their folder, or one that is run by itself.
 * @param files from the root on, with `/` between folders
 */
export function testGroups(files: readonly string[]): string[][] {
  const sorted = files.toSorted()
  const folders = new Map<string, string[]>()
  for (const file of sorted.filter((one) => !isAlone(one))) {
    const folder = dirname(file)
    folders.set(folder, [...folders.get(folder) ?? [], file])
  }
  return [...sorted.filter(isAlone).map((one) => [one]), ...[...folders.values()].flatMap(parts)]
}

/** The files in as few groups as they go into, of much the same size. */
function parts(files: readonly string[]): string[][] {
  const size = Math.ceil(files.length / Math.ceil(files.length / MOST))
  const groups: string[][] = []
  for (let from = 0; from < files.length; from += size) groups.push(files.slice(from, from + size))
  return groups
}

/** All test files, as {@link testGroups} takes them. */
export function testFiles(root: string): string[] {
  return fs.readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('tests', name).replaceAll('\\', '/'))
}

/**
 * Writes a program for each group into a folder. Deno runs them by their names: those that are by themselves, which take
 * longest, come first, so that in the end no long one runs alone.
 * @returns what `deno test` is to be given for them all
 */
export function writeGroups(root: string, groups: readonly (readonly string[])[], folder: string): string[] {
  return groups.map((files, i) => {
    const number = String(i).padStart(3, '0')
    const program = join(folder, `${number}-${dirname(files[0]!).replaceAll('/', '-')}.test.ts`)
    fs.writeFileSync(
      program,
      files.map((one) => `import '${pathToFileURL(join(root, one))}'\n`).join(''),
    )
    return program
  })
}
