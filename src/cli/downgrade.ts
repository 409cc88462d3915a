import { readTarget } from '../revision/graph/range.ts'
import { downgradeSteps } from '../revision/graph/steps.ts'
import type { Command } from './command.ts'
import { move } from './move.ts'

/** `limbeck downgrade <revision>`: moves the database down; with `--sql` writes the script instead. */
export const command: Command = (invocation) =>
  move(invocation, {
    read: (graph, sql) => readTarget(graph, 'downgrade', invocation.args[0]!, sql),
    steps: downgradeSteps,
    creates: false,
  })
