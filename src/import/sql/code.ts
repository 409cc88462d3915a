/** Migrations beside those of SQL, in a programming language: goose's .go, Flyway's .java, refinery's .rs. */
import path from 'node:path'
import { ownValue } from '../../own-value.ts'
import { named } from './layouts.ts'
import type { Migration } from './layouts.ts'

const LANGUAGES: Readonly<Record<string, string>> = {
  go: 'Go',
  rs: 'Rust',
  js: 'JavaScript',
  cjs: 'JavaScript',
  mjs: 'JavaScript',
  ts: 'TypeScript',
  java: 'Java',
  kt: 'Kotlin',
  groovy: 'Groovy',
  py: 'Python',
  rb: 'Ruby',
  php: 'PHP',
  ex: 'Elixir',
  exs: 'Elixir',
  cs: 'C#',
  sh: 'shell',
}

const NAME = /^V?(\d+(?:[._]\d+)*)(?:[_.-]+(.*))?\.(\w+)$/
const BESIDE = /([._](test|spec)|\.d(own)?)\.\w+$/

/**
 * The migration that a file is which its tool runs as a program.
 * @param name in the folder
 * @param read gives its text
 * @returns undefined for a file that is none
 */
export function codeOf(name: string, file: string, read: () => string): Migration | undefined {
  const match = NAME.exec(path.posix.basename(name))
  const language = ownValue(LANGUAGES, match?.[3]?.toLowerCase() ?? '')
  if (match === null || language === undefined || BESIDE.test(name)) return undefined
  // Only Flyway looks into folders.
  if (name.includes('/') && !path.posix.basename(name).startsWith('V')) return undefined
  const source = read()
  const whole = { file, source, texts: [{ sql: source, offset: 0 }] }
  return { ...named(match[1]!, match[2] ?? ''), file, language, up: whole }
}
