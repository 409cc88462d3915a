/**
 * npm packages for machines other than this one, which `npm ci` does not install: of the versions that the lock file
 * names, kept in a folder of the build. What npm fetches is used only when it is what the lock file's checksum says.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = process.env.LIMBECK_BUILD_CACHE ?? join(ROOT, 'node_modules/.cache/limbeck')

interface Locked {
  readonly version: string
  /** `sha512-<base64>` of the package's tarball. */
  readonly integrity: string
}

function locked(name: string): Locked {
  const lock = JSON.parse(fs.readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Partial<Locked>>>
  }
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {}
  assert(version !== undefined && integrity !== undefined, `package-lock.json does not name ${name}`)
  return { version, integrity }
}

/** What could not be had, and why: the last thing that npm said. */
export class Unobtainable extends Error {
  constructor(name: string, reason: string) {
    super(`the npm package ${name} cannot be had: ${reason}`)
    this.name = 'Unobtainable'
  }
}

/** On Windows npm is a script, which only a shell starts. */
function npm(args: readonly string[], cwd: string) {
  return spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}

/** What went wrong, among the lines that npm writes: codes and the path of a log stand around it. */
function reasonIn(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.startsWith('npm error ')).map((line) =>
    line.slice(10)
  )
  return lines.find((line) => !/^(code|errno|syscall|address|port) |^A complete log|^\s*$/.test(line))
}

/** Fetches, checks and unpacks a package into the folder. */
function fetchInto(folder: string, name: string, { version, integrity }: Locked): void {
  fs.mkdirSync(CACHE, { recursive: true })
  const work = fs.mkdtempSync(join(CACHE, '.fetch-'))
  try {
    const { status, stderr, error } = npm(['pack', '--loglevel=error', `${name}@${version}`], work)
    const tarball = fs.readdirSync(work).find((file) => file.endsWith('.tgz'))
    if (status !== 0 || tarball === undefined) {
      const said = reasonIn(stderr ?? '')
      throw new Unobtainable(`${name}@${version}`, error?.message ?? said ?? `npm pack ended with ${status}`)
    }
    const found = `sha512-${
      createHash('sha512').update(fs.readFileSync(join(work, tarball))).digest('base64')
    }`
    assert.equal(found, integrity, `${name}@${version} is not what package-lock.json says it is`)
    const { status: unpacked } = spawnSync('tar', ['-xzf', tarball], { cwd: work, stdio: 'inherit' })
    assert.equal(unpacked, 0, `tar could not unpack ${name}@${version}`)
    fs.mkdirSync(join(folder, '..'), { recursive: true })
    // Another build may have been quicker.
    if (!fs.existsSync(folder)) fs.renameSync(join(work, 'package'), folder)
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

/**
 * A file of a package, whatever machine the package is for.
 * @param name of the package
 * @param file its path inside the package
 * @returns an absolute path
 * @throws Unobtainable when npm cannot fetch it
 */
export function packageFile(name: string, file: string): string {
  const installed = join(ROOT, 'node_modules', name, file)
  if (fs.existsSync(installed)) return installed
  const wanted = locked(name)
  const folder = join(CACHE, `${name.replace('/', '+')}@${wanted.version}`)
  if (!fs.existsSync(folder)) fetchInto(folder, name, wanted)
  return join(folder, file)
}
