/** What a command is: its parsed options in, an exit code out. */
import type { ExitCode } from '../problem.ts'
import type { Io } from './io.ts'

/** The options that every command takes, and its own by their long names. */
export interface Options {
  /** The value of an option that takes one. */
  text(name: string): string | undefined
  /** All values of an option that may be repeated, in order. */
  texts(name: string): readonly string[]
  flag(name: string): boolean
}

/** What a program says instead of a file. */
export interface GivenConfig {
  /** The content of a configuration file; absent: one is looked for. Its relative paths start in the working directory. */
  readonly content?: unknown
  /** The folders of revisions, before what the configuration says. */
  readonly revisions?: readonly string[]
}

export interface Invocation {
  readonly args: readonly string[]
  readonly options: Options
  readonly io: Io
  readonly given?: GivenConfig
}

export type Command = (invocation: Invocation) => Promise<ExitCode>
