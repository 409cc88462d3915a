/** SQLite and libSQL. */
import type { Dialect, SessionSettings } from '../dialect.ts'
import { connect } from './connect.ts'
import { sameDefault, sameExpression } from './expressions.ts'
import { hasTable, introspect } from './introspect.ts'
import { lock } from './lock.ts'
import { project } from './project.ts'
import { rebuild } from './rebuild.ts'
import { scriptFrame } from './rebuild-script.ts'
import { withScratch } from './scratch.ts'
import { spelling } from './spelling.ts'
import { sameType } from './types.ts'

/** SQLite's longest busy_timeout, in milliseconds: as good as no limit. */
const ENDLESS = 2_147_483_647

/** SQLite has no limit for the time of a statement; the lock timeout is how long it waits for other connections. */
function settings({ lockTimeout }: SessionSettings): readonly string[] {
  return lockTimeout === undefined
    ? []
    : [`PRAGMA busy_timeout = ${lockTimeout === 0 ? ENDLESS : lockTimeout}`]
}

export const sqlite: Dialect = {
  name: 'sqlite',
  spelling,
  forgets: true,
  newest: { dialect: 'sqlite', version: 3_045_001 },
  lockHolds: false,
  settings,
  connect,
  lock,
  introspect,
  withScratch,
  hasTable,
  project,
  sameType,
  sameDefault,
  sameExpression,
  scriptFrame,
  rebuild,
}
