/** What a command sees of the world: so that tests and programs can run commands without a process. */
import { fstatSync, writeSync } from 'node:fs'
import process from 'node:process'
import { fault } from '../problem.ts'
import type { ExitCode } from '../problem.ts'
import { exitOf, faultStopped } from '../stop.ts'
import type { StopReason, StopSignal } from '../stop.ts'

export interface Io {
  /** Results; nothing else. @throws `unwritten` for those that have no place to go */
  stdout(text: string): void
  /** Messages, progress, warnings, errors. What cannot be told stops nothing. */
  stderr(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory: where relative paths start. */
  readonly cwd: string
  /** The process is there for this command alone. */
  readonly alone?: true
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** Columns of the terminal. */
  readonly width: number
  /**
   * Asks the person at the terminal, and gives the line that was typed; undefined when the input has ended. Absent when
   * nobody is there.
   */
  ask?(question: string): Promise<string | undefined>
  /** A program's way to stop a command at a safe point. */
  readonly signal?: AbortSignal
  /**
   * Tells of the first signal that the process gets from now on; a second one ends it at once.
   * @returns what ends that, so that a signal ends the process again
   */
  onSignal?(heard: (signal: StopSignal) => void): () => void
}

/**
 * The process's own streams and environment. The streams of `node:process` are made only where a terminal is asked for:
 * making one takes as long as all the rest of `--version`.
 * @param end ends the process with that exit code
 */
export function processIo(end: (code: ExitCode) => void): Io {
  return {
    stdout: writeResult,
    stderr: writeMessage,
    env: process.env,
    cwd: workingDirectory(),
    alone: true,
    get stdoutIsTerminal() {
      return isDevice(1) && process.stdout.isTTY === true
    },
    get stderrIsTerminal() {
      return isDevice(2) && process.stderr.isTTY === true
    },
    get width() {
      return isDevice(2) ? process.stderr.columns || 80 : 80
    },
    onSignal: (heard) => onSignal(heard, end),
    get ask() {
      return isDevice(0) && process.stdin.isTTY && this.stderrIsTerminal ? ask : undefined
    },
  }
}

/** Where the process is. Of a folder that was removed since, only the shell knows the name: what is in it is missing. */
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return process.env.PWD ?? '/'
  }
}

/** /dev/null: 1:3 (https://docs.kernel.org/admin-guide/devices.html). */
const NULL_DEVICE = 0x103

/** A terminal is a character device, as no file and no pipe is. /dev/null is one too, and no terminal. */
function isDevice(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor)
    return stat.isCharacterDevice() && !(process.platform === 'linux' && stat.rdev === NULL_DEVICE)
  } catch (error) {
    // Whoever started the program may have closed it.
    if (codeOf(error) === 'EBADF') return false
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function writeResult(text: string): void {
  try {
    write(1, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    fault('unwritten', `standard output cannot be written: ${why}`, { cause: error })
  }
}

/** A migration goes on where the disk of its log is full, or its terminal is gone: to stop half-way would be worse. */
function writeMessage(text: string): void {
  try {
    write(2, text)
  } catch (error) {
    // Where the system refuses it, there is nobody to tell.
    if (codeOf(error) === undefined) throw error
  }
}

/** Writes the whole text before it returns; nothing, where nobody reads any more: `limbeck init | head -1` goes on. */
function write(descriptor: number, text: string): void {
  let rest: Uint8Array = new TextEncoder().encode(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = codeOf(error)
      // On Windows a closed pipe is EOF.
      if (code === 'EPIPE' || code === 'EOF') return
      if (code !== 'EAGAIN') throw error
      // A pipe that some other process made non-blocking is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Who is asked something at the moment. */
let refuse: ((signal: StopSignal) => void) | undefined

function onSignal(heard: (signal: StopSignal) => void, end: (code: ExitCode) => void): () => void {
  let stopped = false
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (stopped) {
        forget()
        process.kill(process.pid, name)
        // The first process of a container is spared by what it sends itself (pid_namespaces(7)).
        if (process.pid === 1) end(exitOf(name))
        return
      }
      stopped = true
      heard(name)
      refuse?.(name)
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  const forget = () => listeners.forEach(([name, listener]) => process.off(name, listener))
  return forget
}

async function ask(question: string): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const stop = new AbortController()
  refuse = (stopSignal) => stop.abort({ stopSignal } satisfies StopReason)
  // Ctrl-C comes as a character while a terminal is asked.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    // Ctrl-D ends the input: the question would never be answered.
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    const line = await Promise.race([lines.question(question, { signal: stop.signal }), ended])
    // No Enter was typed: what is said next begins a line of its own.
    if (line === undefined) writeMessage('\n')
    return line
  } catch (error) {
    if (stop.signal.aborted) faultStopped(stop.signal, error)
    throw error
  } finally {
    refuse = undefined
    lines.close()
  }
}
