/** The executables of all machines, and their checksums. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import { compile } from './compile.ts'
import { Unobtainable } from './packages.ts'
import { TARGETS } from './targets.ts'
import type { Target } from './targets.ts'

/** The file's name in a folder of all. */
export function fileName({ name, ending }: Target): string {
  return `limbeck-${name}${ending}`
}

function chosen(names: readonly string[]): readonly Target[] {
  for (const name of names) {
    const known = TARGETS.map((target) => target.name)
    assert(known.includes(name), `there is no machine "${name}"; there are ${known.join(', ')}`)
  }
  return names.length === 0 ? TARGETS : TARGETS.filter(({ name }) => names.includes(name))
}

/** Lines as sha256sum writes and checks them. */
function checksums(files: readonly string[]): string {
  return files.map((file) =>
    `${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}  ${basename(file)}\n`
  ).join('')
}

/**
 * Makes `limbeck-<machine>` for every machine, or those that are named, and SHA256SUMS, which is written only when no
 * machine was left out for want of its parts.
 * @param made is told each file
 * @returns the exit code: 1 when some could not be made; each was named on standard error
 */
export function compileAll(
  entry: string,
  folder: string,
  names: readonly string[],
  made: (file: string) => void,
): number {
  const files: string[] = []
  let missing = 0
  for (const target of chosen(names)) {
    const file = join(folder, fileName(target))
    try {
      compile(target, entry, file)
    } catch (error) {
      if (!(error instanceof Unobtainable)) throw error
      console.error(`${target.name}: not made: ${error.message}`)
      missing++
      continue
    }
    files.push(file)
    made(file)
  }
  fs.rmSync(join(folder, 'SHA256SUMS'), { force: true })
  if (missing > 0) return 1
  fs.writeFileSync(join(folder, 'SHA256SUMS'), checksums(files))
  return 0
}
