import { EXIT, fault } from '../../problem.ts'
import { shown } from '../../model/edit.ts'
import { readTarget } from '../../revision/graph/range.ts'
import { downgradeSteps } from '../../revision/graph/steps.ts'
import type { CountedLoss } from '../../plan/losses.ts'
import type { Command, Invocation } from '../command.ts'
import { move } from '../migrate/move.ts'
import { printWarning } from '../output/print.ts'
import { grouped } from '../output/progress.ts'
import type { Project } from '../project/project.ts'

/**
 * `limbeck downgrade <revision>`: moves the database down; with `--sql` writes the script instead. One that destroys data
 * asks the person at the terminal, and tells where nobody is; `protect: true` demands `--yes`.
 */
export const command: Command = (invocation) =>
  move(invocation, {
    read: (graph, sql) => readTarget(graph, 'downgrade', invocation.args[0]!, sql),
    steps: downgradeSteps,
    creates: false,
    approve: (losses, project) => approve(invocation, project, losses),
  })

const WHAT = 'this downgrade destroys data'

async function approve(
  { io, options }: Invocation,
  { config }: Project,
  losses: readonly CountedLoss[],
): Promise<void> {
  const notes = losses.map(lossText)
  const yes = options.flag('yes')
  if (config.protect && !yes) {
    fault('protected', `${WHAT}, and the configuration protects the database`, {
      notes,
      hint: 'with --yes it runs all the same',
      exit: EXIT.usage,
    })
  }
  if (yes || io.ask === undefined) {
    return printWarning(io, options, { code: 'destroys-data', message: WHAT, notes })
  }
  io.stderr([`${WHAT}:`, ...notes.map((one) => `  ${one}`), ''].join('\n'))
  if (/^y(es)?$/i.test((await io.ask('Run it all the same? [y/N] '))?.trim() ?? '')) return
  fault('not-confirmed', 'the downgrade was not confirmed: nothing was changed')
}

/** `table "users": 1,204 rows`, `column "users.email": about 1,200,000 rows`. */
function lossText({ table, column, why, rows, but, uncounted }: CountedLoss): string {
  const object = column === undefined ? `table "${shown(table)}"` : `column "${shown(table)}.${column}"`
  const what = why === undefined ? object : `${object}, ${why}`
  if (rows === undefined) return `${what}: its rows could not be counted (${uncounted ?? 'no reason given'})`
  const word = but === 'about' ? 'about ' : but === 'more' ? 'more than ' : ''
  return `${what}: ${word}${grouped(rows)} row${rows === 1 ? '' : 's'}`
}
