/** What commands and options of other tools are here: who comes from one types its words. */
import { ownValue } from '../own-value.ts'

const COMMANDS: Readonly<Record<string, string>> = {
  migrate: 'upgrade head',
  up: 'upgrade head',
  apply: 'upgrade head',
  deploy: 'upgrade head',
  latest: 'upgrade head',
  rollback: 'downgrade -1',
  down: 'downgrade -1',
  revert: 'downgrade -1',
  undo: 'downgrade -1',
  reset: 'downgrade base',
  new: 'revision -m "…"',
  create: 'revision -m "…"',
  generate: 'revision -m "…"',
  make: 'revision -m "…"',
  add: 'revision -m "…"',
  makemigrations: 'revision --autogenerate -m "…"',
  autogenerate: 'revision --autogenerate -m "…"',
  baseline: 'revision --baseline -m "…"',
  status: 'history -i',
  info: 'history -i',
  list: 'history',
  ls: 'history',
  log: 'history',
  lint: 'verify',
  validate: 'verify',
  test: 'verify --data',
  diff: 'check',
  drift: 'check',
  plan: 'upgrade head --sql',
  sql: 'upgrade head --sql',
  sqlmigrate: 'upgrade head --sql',
  repair: 'journal accept',
  pull: 'inspect --split models',
  dump: 'inspect --format sql',
  version: '--version',
  list_templates: 'init',
  'list-templates': 'init',
}

const OPTIONS: Readonly<Record<string, string>> = {
  '--dry-run': '--sql',
  '--plan': '--sql',
  '--force': '--yes',
  '--database': '--url',
  '--db': '--url',
  '--dsn': '--url',
  '--env': '--name',
  '--environment': '--name',
}

/** The command that does what one of another tool does, with its arguments. */
export function commandOfOthers(word: string): string | undefined {
  return ownValue(COMMANDS, word)
}

/** The option that does what one of another tool does. */
export function optionOfOthers(word: string): string | undefined {
  return ownValue(OPTIONS, word)
}
