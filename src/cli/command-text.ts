/** How a command is written down for the parser and for help. */
import type { Command } from './command.ts'

/** How cac writes an option, and what it means. */
export type OptionText = readonly [flags: string, description: string]

export interface CommandText {
  readonly name: string
  readonly aliases?: readonly string[]
  /** As cac writes them: `<revision>`, `[...revisions]`. */
  readonly args: string
  readonly description: string
  readonly options: readonly OptionText[]
  /** More for its help: titles, and words with what they mean. */
  readonly sections?: readonly (readonly [title: string, rows: readonly (readonly [string, string])[]])[]
  readonly examples: readonly string[]
  /** Not for people: help and suggestions leave it out. */
  readonly hidden?: boolean
  load(): Promise<{ readonly command: Command }>
}
