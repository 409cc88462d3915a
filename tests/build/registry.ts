/** Whether npm has a registry to ask: without one, tests that need packages say so and are left out. */
import { spawnSync } from 'node:child_process'
import process from 'node:process'

/** Runs npm, which is a script on Windows. */
export function npm(args: readonly string[], cwd: string) {
  const shell = process.platform === 'win32'
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' }
  return spawnSync('npm', args, { cwd, env, shell, encoding: 'utf8' })
}

/** @returns false after saying why */
export function hasRegistry(): boolean {
  const { status } = npm(['view', 'libsql', 'version', '--fetch-retries=0'], '.')
  if (status !== 0) console.warn('SKIPPED: npm has no registry to fetch packages from.')
  return status === 0
}
