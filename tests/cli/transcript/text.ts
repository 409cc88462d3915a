/**
 * A transcript: what a user types and sees, as text.
 *
 * ```
 * # What it is about.
 * --- revisions/a1_users.yaml
 * id: a1
 * …
 * $ limbeck upgrade head
 * ! what it writes to standard error
 * what it writes to standard output
 * [exit 1]
 * ```
 *
 * A file goes on to the next line that begins with `--- ` or `$ `. `[exit …]` stands only where it is not 0. A line of
 * output that could be mistaken for something else has a backslash before it.
 */

/** A file that is written before the next command. */
export interface GivenFile {
  readonly kind: 'file'
  readonly name: string
  readonly text: string
  /** Comment lines before it. */
  readonly lead: string
}

export interface TypedCommand {
  readonly kind: 'command'
  readonly line: string
  readonly shown: Shown
  /** Comment lines before it. */
  readonly lead: string
}

/** What a command wrote, its changing parts replaced by placeholders, and its exit code. */
export interface Shown {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

export interface Transcript {
  /** The comment at its beginning. */
  readonly head: string
  readonly postgres: boolean
  readonly parts: readonly (GivenFile | TypedCommand)[]
}

const MARKED = /^(--- |\$ |! |# |\\|\[exit )/

/** Reads a transcript; what it needs is said in its first lines: `# database: postgres`. */
export function parseTranscript(text: string): Transcript {
  const blocks = text.replace(/\n*$/, '\n').split(/^(?=--- |\$ )/m)
  const head = /^(--- |\$ )/.test(blocks[0]!) ? '' : blocks.shift()!
  let lead = ''
  const parts = blocks.map((block): GivenFile | TypedCommand => {
    const [first, ...lines] = block.replace(/\n$/, '').split('\n') as [string, ...string[]]
    const before = lead
    lead = ''
    if (first.startsWith('--- ')) {
      return {
        kind: 'file',
        name: first.slice(4),
        text: lines.map((line) => `${line}\n`).join(''),
        lead: before,
      }
    }
    const comment = lines.findIndex((line) => line.startsWith('# '))
    const own = comment === -1 ? lines : lines.slice(0, comment)
    if (comment !== -1) lead = lines.slice(comment).map((line) => `${line}\n`).join('')
    return { kind: 'command', line: first.slice(2), shown: shownIn(own), lead: before }
  })
  return { head, postgres: head.includes('# database: postgres'), parts }
}

function shownIn(lines: readonly string[]): Shown {
  const kept = lines.at(-1) === '' ? lines.slice(0, -1) : lines
  const exit = /^\[exit (\d+)\]$/.exec(kept.at(-1) ?? '')
  const rest = exit === null ? kept : kept.slice(0, -1)
  const stderr = rest.filter((line) => line.startsWith('! ') || line === '!').map((line) => line.slice(2))
  const stdout = rest.filter((line) => !line.startsWith('! ') && line !== '!')
  return {
    stdout: stdout.map((line) => `${line.replace(/^\\/, '')}\n`).join(''),
    stderr: stderr.map((line) => `${line}\n`).join(''),
    code: exit === null ? 0 : Number(exit[1]),
  }
}

/** The transcript as text again: parsing it gives the same. */
export function transcriptText({ head, parts }: Transcript): string {
  return head + parts.map((part, i) => {
    if (part.kind === 'file') return `${part.lead}--- ${part.name}\n${part.text}`
    const gap = i === parts.length - 1 ? '' : '\n'
    return `${part.lead}$ ${part.line}\n${shownText(part.shown)}${gap}`
  }).join('')
}

/** As it stands below the command. */
export function shownText({ stdout, stderr, code }: Shown): string {
  const lines = (text: string) => text === '' ? [] : text.replace(/\n$/, '').split('\n')
  return [
    ...lines(stderr).map((line) => `! ${line}`.trimEnd()),
    ...lines(stdout).map((line) => MARKED.test(line) ? `\\${line}` : line),
    ...(code === 0 ? [] : [`[exit ${code}]`]),
  ].map((line) => `${line}\n`).join('')
}
