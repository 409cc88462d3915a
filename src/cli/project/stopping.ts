/** Commands that are stopped by a signal to the process, or by the program that called them. */
import type { StopReason } from '../../stop.ts'
import type { Io } from '../io.ts'

/** Works with a signal that says when to stop. */
export async function withStop<T>(
  io: Io,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (io.onSignal === undefined) return await work(io.signal)
  const controller = new AbortController()
  const forget = io.onSignal((stopSignal) => {
    const reason: StopReason = { stopSignal }
    controller.abort(reason)
  })
  try {
    return await work(controller.signal)
  } finally {
    forget()
  }
}
