/** SQLite and libSQL. */
import type { Dialect, ScriptFrame, SessionSettings } from '../dialect.ts'
import { connect } from './connect.ts'
import { sameDefault } from './default.ts'
import { sameExpression } from './expression.ts'
import { transience } from './failure.ts'
import { hasTable, introspect } from './introspect.ts'
import { project } from './project.ts'
import { rebuild } from './rebuild.ts'
import { scriptFrame } from './rebuild-script.ts'
import { withScratch } from './scratch.ts'
import { spelling } from './spelling.ts'
import { statistics } from './statistics.ts'
import { sameType } from './types.ts'
import { commented, unseen } from './unseen.ts'
import { unsaid } from './unsaid.ts'

/** SQLite's longest busy_timeout, in milliseconds: as good as no limit. */
const ENDLESS = 2_147_483_647

/**
 * SQLite has no limit for the time of a statement; the lock timeout is how long it waits for other connections. Its own
 * default is 0, not to wait; a session of ours takes that for the wait that it began with.
 */
function settings({ lockTimeout }: SessionSettings): readonly string[] {
  if (lockTimeout === undefined) return []
  const limit = lockTimeout === 'default' ? 0 : lockTimeout === 0 ? ENDLESS : lockTimeout
  return [`PRAGMA busy_timeout = ${limit}`]
}

/** BEGIN IMMEDIATE is what waits: the limit stands before it. */
function framed(rebuild: boolean, { lockTimeout }: SessionSettings = {}): ScriptFrame {
  const { before, after } = scriptFrame(rebuild)
  if (lockTimeout === undefined) return { before, after }
  return {
    before: [...settings({ lockTimeout }), ...before],
    after: [...after, ...settings({ lockTimeout: 'default' })],
  }
}

/** SQLite and libSQL. */
export const sqlite: Dialect = {
  name: 'sqlite',
  spelling,
  forgets: true,
  newest: { dialect: 'sqlite', version: 3_045_001 },
  lockHolds: false,
  settings,
  connect,
  transience,
  introspect,
  unsaid,
  withScratch,
  hasTable,
  project,
  sameType,
  sameDefault,
  sameExpression,
  scriptFrame: framed,
  rebuild,
  unseen,
  commented,
  statistics,
}
