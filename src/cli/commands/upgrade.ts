import { readTarget } from '../../revision/graph/range.ts'
import { upgradeSteps } from '../../revision/graph/steps.ts'
import type { Command } from '../command.ts'
import { move } from '../migrate/move.ts'

/** `limbeck upgrade <revision>`: moves the database up; with `--sql` writes the script instead. */
export const command: Command = (invocation) =>
  move(invocation, {
    read: (graph, sql) => readTarget(graph, 'upgrade', invocation.args[0]!, sql),
    steps: upgradeSteps,
    creates: true,
  })
