/** Looking at the schema that belongs to some heads. */
import type { Model } from '../model/model.ts'
import { look } from './look.ts'
import type { Session } from './session.ts'
import { beginAt, orRollback } from './transaction.ts'

/** The schema that belongs to these heads; undefined when another process has moved the database since. */
export async function lookAt(session: Session, rows: readonly string[]): Promise<Model | undefined> {
  if (session.dialect.lockHolds) return await look(session)
  if (!await beginAt(session, rows, { missing: true })) return undefined
  const model = await orRollback(session, () => look(session))
  await session.connection.rollback()
  return model
}
