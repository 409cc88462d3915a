/** The executables of other machines, which cannot be run here: what they are, and what they carry. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { fileName } from '../../scripts/build/all.ts'
import { packageFile } from '../../scripts/build/packages.ts'
import { TARGETS } from '../../scripts/build/targets.ts'
import { withFolder } from '../support/folder.ts'
import { ALL } from '../support/sample.ts'
import { hasRegistry } from './registry.ts'

/** All are built where all is tried: each is two downloads. */
const SAMPLE = ['linux-arm64-musl']

const BUILD = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url))

/** ELF: e_machine (elf(5)), and the interpreter, which names the C library. */
function elf(file: Buffer): string {
  const machines: Readonly<Record<number, string>> = { 0x3e: 'x64', 0xb7: 'arm64' }
  const table = Number(file.readBigUInt64LE(0x20))
  const [size, count] = [file.readUInt16LE(0x36), file.readUInt16LE(0x38)]
  const headers = Array.from({ length: count }, (_, i) => table + i * size)
  const interpreter = headers.find((at) => file.readUInt32LE(at) === 3)!
  const from = Number(file.readBigUInt64LE(interpreter + 8))
  const path = file.toString('latin1', from, file.indexOf(0, from))
  return `linux-${machines[file.readUInt16LE(0x12)]}${path.includes('ld-musl') ? '-musl' : ''}`
}

/** What an executable is for, by its own header. */
function machineOf(file: Buffer): string {
  if (file.readUInt32BE(0) === 0x7f454c46) return elf(file)
  if (file.readUInt32LE(0) === 0xfeedfacf) {
    const cpus: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' }
    return `darwin-${cpus[file.readUInt32LE(4)]}`
  }
  assert.equal(file.toString('latin1', 0, 2), 'MZ')
  const header = file.readUInt32LE(0x3c)
  assert.equal(file.toString('latin1', header, header + 4), 'PE\0\0')
  return file.readUInt16LE(header + 4) === 0x8664 ? 'windows-x64' : 'windows'
}

function build(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, ['run', '-A', '-q', '--no-check', BUILD, ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
}

Deno.test({
  name: 'executables for other machines: each for its own, with its own addon, and the sums of all',
  ignore: !hasRegistry(),
  async fn() {
    await withFolder((folder) => {
      const targets = TARGETS.filter((one) => ALL || SAMPLE.includes(one.name))
      const { status, stderr } = build(['--all', '--out', folder, ...targets.map((one) => one.name)])
      assert.equal(status, 0, stderr)
      const names = targets.map(fileName)
      assert.deepEqual(fs.readdirSync(folder).sort(), [...names, 'SHA256SUMS'].sort())
      const sums: string[] = []
      for (const target of targets) {
        const file = fs.readFileSync(join(folder, fileName(target)))
        assert.equal(machineOf(file), target.name)
        const addon = fs.readFileSync(packageFile(target.addon, 'index.node'))
        assert(file.includes(addon), `${target.name} carries ${target.addon}`)
        sums.push(`${createHash('sha256').update(file).digest('hex')}  ${fileName(target)}\n`)
      }
      assert.equal(fs.readFileSync(join(folder, 'SHA256SUMS'), 'utf8'), sums.join(''))
      return Promise.resolve()
    })
  },
})

Deno.test('a machine that there is no executable for is told', () => {
  const { status, stderr } = build(['--all', 'solaris-sparc'])
  assert.notEqual(status, 0)
  assert.match(stderr, /there is no machine "solaris-sparc"; there are linux-x64, /)
})

Deno.test('a machine whose parts cannot be had is named, and the build fails', async () => {
  await withFolder((folder) => {
    const { status, stderr } = build(['--all', '--out', folder, 'darwin-x64'], {
      LIMBECK_BUILD_CACHE: join(folder, 'cache'),
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm'),
    })
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^darwin-x64: not made: the npm package @libsql\/darwin-x64@[\d.]+ cannot be had: .*ECONNREFUSED/m,
    )
    assert(!fs.existsSync(join(folder, 'SHA256SUMS')))
    return Promise.resolve()
  })
})
