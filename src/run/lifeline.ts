/** A run's connection for as long as the run lasts: opened anew when it is lost, and stopped when the run is. */
import type { Connection } from '../dialect/dialect.ts'
import { faultStopped, stopIfAsked } from '../stop.ts'

export interface Lifeline {
  /** Does nothing more when the signal says so; the statement that runs then is cancelled. */
  readonly connection: Connection
  /** The same without a look at the signal: for what must be done even then. */
  readonly bare: Connection
  /** Opens another connection in the place of the one that was lost. @throws what connecting throws */
  renew(): Promise<void>
}

/** Between two requests to cancel: one that comes between two statements ends neither. */
const CANCEL_AGAIN_MS = 100

/** From how many milliseconds on a statement may have kept the process from seeing a signal. */
const LONG_MS = 20

/**
 * @param first an open connection
 * @param open opens another one
 * @param signal stops what runs
 */
export function lifeline(first: Connection, open: () => Promise<Connection>, signal?: AbortSignal): Lifeline {
  let inner = first
  const current = () => inner
  return {
    connection: over(current, signal === undefined ? (work) => work() : stoppable(current, signal)),
    bare: over(current, (work) => work()),
    async renew() {
      const lost = inner
      inner = await open()
      await Promise.allSettled([lost.close()])
      await inner.bury?.(lost)
    },
  }
}

type Around = <T>(work: () => Promise<T>) => Promise<T>

/** Runs nothing when it is stopped, and cancels what runs when it is. */
function stoppable(current: () => Connection, signal: AbortSignal): Around {
  return async (work) => {
    stopIfAsked(signal)
    let over = false
    let asking: Promise<unknown> | undefined
    const cancel = async () => {
      while (!over) {
        // A server that cannot be reached cannot be told; the statement ends with the connection then.
        asking = Promise.allSettled([current().cancel?.()])
        await asking
        await new Promise((resolve) => setTimeout(resolve, CANCEL_AGAIN_MS))
      }
    }
    const stop = () => void cancel()
    signal.addEventListener('abort', stop)
    const began = performance.now()
    try {
      const result = await work()
      // While SQLite works no signal is seen: it is looked for before anything else is begun.
      if (performance.now() - began > LONG_MS) await new Promise((resolve) => setTimeout(resolve))
      return result
    } catch (error) {
      if (signal.aborted) return faultStopped(signal, error)
      throw error
    } finally {
      over = true
      signal.removeEventListener('abort', stop)
      // It must not end what is run next: that writes down what happened.
      await asking
    }
  }
}

function over(current: () => Connection, around: Around): Connection {
  return {
    get server() {
      return current().server
    },
    get url() {
      return current().url
    },
    get lost() {
      return current().lost ?? false
    },
    query: (sql, parameters) => around(() => current().query(sql, parameters)),
    run: (statements) => around(() => current().run(statements)),
    begin: (options) => around(() => current().begin(options)),
    commit: (last) => around(() => current().commit(last)),
    lock: (key, options) => current().lock(key, options),
    rollback: () => current().rollback(),
    close: () => current().close(),
  }
}
