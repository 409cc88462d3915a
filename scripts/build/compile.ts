/** One executable, by Bun's compiler. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job } from './executable.ts'
import { packageFile } from './packages.ts'
import { thisMachine } from './targets.ts'
import type { Target } from './targets.ts'

const SCRIPT = fileURLToPath(new URL('./executable.ts', import.meta.url))

/** The program of the npm package `bun`, whichever runtime this is. */
export function bun(): string {
  const { resolve } = createRequire(import.meta.url)
  const manifest = resolve('bun/package.json')
  const { bin } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { bin: { bun: string } }
  return join(dirname(manifest), bin.bun)
}

/** What Bun is told. For this machine Bun takes itself, for another the executable that npm has of it. */
function job(target: Target, entry: string, outfile: string): Job {
  const addon = packageFile(target.addon, 'index.node')
  if (target === thisMachine()) return { entry, outfile, addon }
  const base = packageFile(target.base, `bin/bun${target.ending}`)
  return { entry, outfile, target: target.bun, base, addon }
}

/**
 * Makes the executable of a machine; it appears under its name when it is whole.
 * @param entry the program's first file
 * @throws `Unobtainable` when npm does not have its parts
 */
export function compile(target: Target, entry: string, file: string): void {
  fs.mkdirSync(dirname(file), { recursive: true })
  const folder = fs.mkdtempSync(join(dirname(file), '.executable-'))
  try {
    const outfile = join(folder, basename(file))
    // Bun leaves temporary files in the working directory.
    const args = ['run', SCRIPT, JSON.stringify(job(target, entry, outfile))]
    const { status } = spawnSync(bun(), args, { cwd: folder, stdio: 'inherit' })
    assert.equal(status, 0, `Bun could not compile the executable for ${target.name}`)
    fs.renameSync(outfile, file)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
