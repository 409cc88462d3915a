/**
 * Locking on SQLite. A file has one writer and no advisory locks, so there is nothing to take in advance: a run reads the
 * heads and applies each revision inside BEGIN IMMEDIATE ({@link Connection.begin}), which waits for the other run and
 * then sees what it did (https://sqlite.org/lang_transaction.html). A lock table would outlive a process that dies;
 * SQLite's lock does not.
 *
 * A revision that is not one transaction is kept to one process by the lock of a second, empty database beside the file,
 * `<file>-limbeck`: it is given back by the system when the process ends, however it ends. The file stays there: to remove
 * it while another process opens it would leave two with a lock each. A link to the file leads to the same lock, as it does
 * to the same journal.
 *
 * A remote database is locked by a lease, see lease.ts.
 */
import { existsSync, realpathSync } from 'node:fs'
import { EXIT, fault } from '../../problem.ts'
import type { Lock, LockOptions } from '../dialect.ts'
import { taking } from '../taking.ts'
import type { Client, Transaction } from './driver.ts'
import { isBusy } from './failure.ts'
import type { Target } from './url.ts'

/** The lock of a file or a memory database. @param open opens another file */
export function fileLock(
  target: Target,
  open: (path: string) => Promise<Client>,
  options: LockOptions,
): Lock {
  let give: (() => void) | undefined
  const release = () => Promise.resolve(give?.())
  if (target.kind !== 'file') return { release }
  return {
    release,
    async hold() {
      give ??= await held(await open(`${followed(target.path)}-limbeck`), options)
    },
  }
}

/** Where links lead. A file that was taken away meanwhile is told when it is written to. */
function followed(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}

/** What is known of who has it. */
const HOLDER = 'another process, which is at a revision that is not one transaction,'

/** @returns what gives the lock back */
async function held(client: Client, options: LockOptions): Promise<() => void> {
  const wanted = {
    take: () => taken(client),
    holders: () => Promise.resolve(HOLDER),
    inWords: (holder: string) => holder,
    giveUp: () => locked(options.patience),
  }
  try {
    const transaction = await taking(wanted, options)
    return () => {
      transaction.close()
      client.close()
    }
  } catch (error) {
    client.close()
    throw error
  }
}

function locked(patience: number): never {
  return fault('locked', `another migration of this database did not end within ${patience / 1000} seconds`, {
    exit: EXIT.locked,
    hint: 'wait for it, or end it',
  })
}

async function taken(client: Client): Promise<Transaction | undefined> {
  const transaction = await client.transaction('deferred')
  try {
    await transaction.executeMultiple('COMMIT; BEGIN EXCLUSIVE')
    return transaction
  } catch (error) {
    transaction.close()
    if (isBusy(error)) return undefined
    throw error
  }
}
