/** Being told to stop: by a signal to the process, or by a program's AbortSignal. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, fault } from './problem.ts'
import type { ExitCode } from './problem.ts'

/** Their numbers (signal(7)): a process that one stops exits with 128 and the number. */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type StopSignal = keyof typeof NUMBERS

/** The exit code of a process that the signal stops. */
export const exitOf = (signal: StopSignal): ExitCode => EXIT.stopped + NUMBERS[signal]

/** What an AbortController is aborted with when the process gets a signal. */
export interface StopReason {
  readonly stopSignal: StopSignal
}

function signalOf(reason: unknown): StopSignal | undefined {
  const name = typeof reason === 'object' && reason !== null && 'stopSignal' in reason
    ? String(reason.stopSignal)
    : ''
  return name in NUMBERS ? name as StopSignal : undefined
}

/**
 * Stops. A signal's {@link StopReason} is told; any other reason, such as that of `AbortSignal.abort()`, counts as SIGINT.
 * @param cause what the stop made fail
 * @throws always
 */
export function faultStopped(signal: AbortSignal, cause: unknown = signal.reason): never {
  const name = signalOf(signal.reason)
  return fault('stopped', `stopped by ${name ?? 'the program'}`, {
    exit: exitOf(name ?? 'SIGINT'),
    cause,
  })
}

/** @throws `stopped` when the signal says so already */
export function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) faultStopped(signal)
}

/**
 * Waits.
 * @param milliseconds how long
 * @throws `stopped` as soon as the signal says so
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  stopIfAsked(signal)
  try {
    await sleep(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted) faultStopped(signal, error)
    throw error
  }
}
