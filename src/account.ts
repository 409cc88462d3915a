/** The account that the process runs under. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import process from 'node:process'

/** Its name; undefined where it has none: in a container a user may be a number alone. */
export function accountName(): string | undefined {
  try {
    const { username, uid } = userInfo({ encoding: 'utf8' })
    // Bun asks USER, not the system, and without it calls everybody so.
    return username === 'unknown' && process.env['USER'] === undefined ? listed(uid) : username
  } catch (error) {
    if (process.getuid === undefined || !(error instanceof Error) || !('code' in error)) throw error
    return undefined
  }
}

/** The name of a number in the system's list of accounts, passwd(5). */
function listed(uid: number): string | undefined {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
      .find(([, , number]) => number === String(uid))?.[0]
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return undefined
  }
}
