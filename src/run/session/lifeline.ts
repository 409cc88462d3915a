/** A run's connection for as long as the run lasts: opened anew when it is lost, and stopped when the run is. */
import type { Connection } from '../../dialect/dialect.ts'
import { faultStopped, stopIfAsked } from '../../stop.ts'

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

/** For how many milliseconds at most statements may keep the process from seeing a signal. */
const LONG_MS = 20

/**
 * @param first an open connection
 * @param open opens another one
 * @param signal stops what runs
 */
export function lifeline(first: Connection, open: () => Promise<Connection>, signal?: AbortSignal): Lifeline {
  let inner = first
  const current = () => inner
  const closing = new AbortController()
  const around: Around = signal === undefined ? (work) => work() : stoppable(current, signal, closing.signal)
  const close = () => {
    closing.abort()
    return inner.close()
  }
  return {
    connection: over(current, around, close),
    bare: over(current, (work) => work(), close),
    async renew() {
      const lost = inner
      inner = await open()
      await Promise.allSettled([lost.close()])
      await inner.bury?.(lost)
    },
  }
}

type Around = <T>(work: () => Promise<T>) => Promise<T>

/** Runs nothing when it is stopped, and cancels what runs when it is. @param closing ends the looking at the signal */
function stoppable(current: () => Connection, signal: AbortSignal, closing: AbortSignal): Around {
  let running = 0
  let turned = performance.now()
  let asking: Promise<unknown> | undefined
  const cancel = async () => {
    while (running > 0) {
      // A server that cannot be reached cannot be told; the statement ends with the connection then.
      asking = Promise.allSettled([current().cancel?.()])
      await asking
      await new Promise((resolve) => setTimeout(resolve, CANCEL_AGAIN_MS))
    }
  }
  signal.addEventListener('abort', () => void cancel(), { once: true, signal: closing })
  return async (work) => {
    stopIfAsked(signal)
    running++
    try {
      const result = await work()
      // While SQLite works no signal is seen: it is looked for now and then.
      if (performance.now() - turned > LONG_MS) {
        // Under Deno a signal needs more than a turn of the event loop.
        await new Promise((resolve) => setTimeout(resolve))
        turned = performance.now()
      }
      return result
    } catch (error) {
      if (signal.aborted) return faultStopped(signal, error)
      throw error
    } finally {
      running--
      // It must not end what is run next: that writes down what happened.
      await asking
    }
  }
}

function over(current: () => Connection, around: Around, close: Connection['close']): Connection {
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
    get pipelines() {
      return current().pipelines
    },
    takesWhole: (statements) => current().takesWhole(statements),
    transact: (transaction) => around(() => current().transact(transaction)),
    query: (sql, parameters) => around(() => current().query(sql, parameters)),
    run: (statements) => around(() => current().run(statements)),
    begin: (options) => around(() => current().begin(options)),
    commit: (last) => around(() => current().commit(last)),
    lock: (key, options) => current().lock(key, options),
    rollback: () => current().rollback(),
    close,
  }
}
