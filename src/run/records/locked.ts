/** Working under the migration lock: one migrator per version table of a database. */
import { LOCK_WAIT } from '../session/session.ts'
import type { Session } from '../session/session.ts'
import { DEFAULT_LIMITS } from '../session/settings.ts'
import { atHome } from './tables.ts'

/**
 * Works under the migration lock, with the tool's own tables found.
 * @throws `locked` (exit 4) when the lock was not to be had in time
 */
export async function locked<T>(session: Session, work: (home: Session) => Promise<T>): Promise<T> {
  const { dialect, lifeline, options, versionTable } = session
  const { lockWait = LOCK_WAIT, reporter, settings, signal } = options
  const connection = lifeline?.bare ?? session.connection
  // Without a lock of its own a run waits where it begins to write: the limit must be known by then.
  if (!dialect.lockHolds) await connection.run(dialect.settings({ ...DEFAULT_LIMITS, ...settings }, false))
  const lock = await connection.lock(`${versionTable.schema ?? ''}.${versionTable.name}`, {
    patience: lockWait,
    waiting: (holder) => reporter.waiting?.(`waiting for the migration lock: ${holder} has it`),
    ...(signal === undefined ? {} : { signal }),
  })
  const done = await atHome({ ...session, lock }).then(work).catch(async (error: unknown) => {
    // It must not hide why it was needed.
    await Promise.allSettled([lock.release()])
    throw error
  })
  await lock.release()
  return done
}
