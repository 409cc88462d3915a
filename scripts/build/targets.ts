/** The machines that an executable is made for, and the npm packages that its parts come from. */
import assert from 'node:assert/strict'
import process from 'node:process'

export interface Target {
  /** `linux-arm64-musl`: a part of the file's name. */
  readonly name: string
  /** What Bun's compiler calls it (https://bun.com/docs/bundler/executables). */
  readonly bun: string
  /** The package with Bun's own executable for it, which the program is appended to. */
  readonly base: string
  /** The package with libSQL's native addon for it. */
  readonly addon: string
  /** The ending of executable files there. */
  readonly ending: '' | '.exe'
}

function target(name: string, bun: string, addon: string, ending: Target['ending'] = ''): Target {
  return { name, bun: `bun-${bun}`, base: `@oven/bun-${bun}`, addon: `@libsql/${addon}`, ending }
}

export const TARGETS: readonly Target[] = [
  target('linux-x64', 'linux-x64', 'linux-x64-gnu'),
  target('linux-arm64', 'linux-aarch64', 'linux-arm64-gnu'),
  target('linux-x64-musl', 'linux-x64-musl', 'linux-x64-musl'),
  target('linux-arm64-musl', 'linux-aarch64-musl', 'linux-arm64-musl'),
  target('darwin-x64', 'darwin-x64', 'darwin-x64'),
  target('darwin-arm64', 'darwin-aarch64', 'darwin-arm64'),
  target('windows-x64', 'windows-x64', 'win32-x64-msvc', '.exe'),
]

/** This machine. Deno, which runs the build, is made for glibc alone, so that a Linux is one with glibc. */
export function thisMachine(): Target {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const found = TARGETS.find(({ name }) => name === `${system}-${process.arch}`)
  assert(found !== undefined, `there is no executable for ${system}-${process.arch}`)
  return found
}
