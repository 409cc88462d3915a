/** Limits as the configuration and revisions write them. */
import { milliseconds } from '../../duration.ts'
import type { Dialect, SessionSettings } from '../../dialect/dialect.ts'
import type { Settings } from '../../revision/document.ts'
import type { Session } from './session.ts'

/** The limits of the configuration or of a revision, in milliseconds. */
export function sessionSettings(settings: Settings | undefined): SessionSettings {
  const { lock_timeout, statement_timeout } = settings ?? {}
  return {
    ...(lock_timeout === undefined ? {} : { lockTimeout: milliseconds(lock_timeout) }),
    ...(statement_timeout === undefined ? {} : { statementTimeout: milliseconds(statement_timeout) }),
  }
}

/** How long a statement of a transaction waits for a lock unless somebody says, in milliseconds: others wait behind it. */
export const DEFAULT_LIMITS: SessionSettings = { lockTimeout: 4000 }

/** How long a locked table is waited for while a schema is read. @param configured the limits of the configuration */
export function patienceOf(configured: SessionSettings = {}): Pick<SessionSettings, 'lockTimeout'> {
  return {
    ...DEFAULT_LIMITS,
    ...(configured.lockTimeout === undefined ? {} : { lockTimeout: configured.lockTimeout }),
  }
}

/** The statements by which a revision's limits come and go. */
export interface Limits {
  /** All that hold for it: the configuration's, and its own before them. */
  readonly settings: SessionSettings
  /** For one transaction. */
  readonly local: readonly string[]
  /** For the session, and what puts back what it began with. */
  readonly session: readonly string[]
  /**
   * For the session, the defaults left out: for a statement that keeps nobody from working while it waits. CREATE INDEX
   * CONCURRENTLY waits for transactions that others have open, and would begin anew each time.
   */
  readonly given: readonly string[]
  readonly reset: readonly string[]
  /** In a transaction that goes on with other revisions: the configuration's in place of its own. */
  readonly localBack: readonly string[]
  readonly sessionBack: readonly string[]
}

/**
 * @param configured the limits of the configuration
 * @param own those of the revision's file
 * @param defaults what holds where nobody says anything
 */
export function limitsOf(
  dialect: Dialect,
  configured: SessionSettings,
  own: Settings | undefined,
  defaults: SessionSettings = {},
): Limits {
  const revision = sessionSettings(own)
  const given = { ...configured, ...revision }
  const settings = { ...defaults, ...given }
  const each = (of: SessionSettings, limit: (key: keyof SessionSettings) => SessionSettings['lockTimeout']) =>
    Object.fromEntries(Object.keys(of).map((key) => [key, limit(key as keyof SessionSettings)]))
  const back = () => each(revision, (key) => configured[key] ?? defaults[key] ?? 'default')
  // Few revisions need more than the first.
  return {
    settings,
    get local() {
      return dialect.settings(settings, true)
    },
    get session() {
      return dialect.settings(settings, false)
    },
    get given() {
      return dialect.settings(given, false)
    },
    get reset() {
      return dialect.settings(each(settings, () => 'default'), false)
    },
    get localBack() {
      return dialect.settings(back(), true)
    },
    get sessionBack() {
      return dialect.settings(back(), false)
    },
  }
}

/** What holds in a transaction that is of no revision, or of several. */
export function ownLimits({ dialect, options }: Session): readonly string[] {
  return limitsOf(dialect, options.settings, undefined, DEFAULT_LIMITS).local
}
