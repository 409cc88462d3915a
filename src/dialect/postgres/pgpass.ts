/** libpq's password file (manual, "The Password File"): lines `host:port:database:user:password`. */
import { readFileSync, statSync } from 'node:fs'
import { platform } from 'node:os'

/** What a line is matched against. `host` is a name, or the folder of a Unix socket. */
export interface Login {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/**
 * The password of the first line that matches.
 * @param text the file: `*` matches anything, `\:` and `\\` stand for a colon and a backslash, `#` begins a comment
 */
export function findPassword(text: string, login: Login): string | undefined {
  const wanted = [login.host, String(login.port), login.database, login.user]
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    const values = fieldsOf(line)
    if (values.length < 5) continue
    const matches = wanted.every((value, i) => values[i] === '*' || matchesField(values[i] ?? '', value, i))
    if (matches) return values[4]
  }
}

/** A Unix socket's folder is also found as `localhost`. */
function matchesField(field: string, value: string, position: number): boolean {
  const own = unescaped(field)
  return own === value || (position === 0 && value.startsWith('/') && own === 'localhost')
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}

/** The four fields as written, and the password unescaped. */
function fieldsOf(line: string): string[] {
  const fields: string[] = []
  let field = ''
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i)
    if (character === '\\') field += character + line.charAt(++i)
    else if (character === ':') {
      fields.push(field)
      field = ''
    } else field += character
  }
  fields.push(field)
  const password = fields[4]
  return password === undefined ? fields : [...fields.slice(0, 4), unescaped(password)]
}

/**
 * The password that a file has for a login. As in libpq a file that others may read is not used.
 * @returns `ignored` with the reason when there is a file that is not used
 */
export function passwordFromFile(path: string, login: Login): { password?: string; ignored?: string } {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || !stat.isFile()) return {}
  if (platform() !== 'win32' && (stat.mode & 0o077) !== 0) {
    return {
      ignored: `the password file "${path}" is not used since others may read it: chmod 0600 "${path}"`,
    }
  }
  const password = findPassword(readFileSync(path, 'utf8'), login)
  return password === undefined ? {} : { password }
}
