/**
 * What can go wrong when somebody names a revision. The texts are Alembic's, because scripts and people know them; the
 * hints are ours. All have the exit code of bad usage.
 */
import { didYouMean, EXIT, fault, locate } from '../../problem.ts'
import type { Graph, Revision } from './node.ts'

const SYMBOLS: readonly string[] = ['head', 'heads', 'base']

/** `Can't locate revision identified by …`: no such revision, or several, or not on the branch. */
export function faultNotFound(graph: Graph, name: string, hint?: string): never {
  const near = didYouMean(name, [...graph.byName.keys(), ...SYMBOLS])
  const known = graph.revisions.length === 0
    ? 'There are no revision files yet; `limbeck revision` writes one.'
    : SYMBOLS.includes(name)
    ? `"${name}" names no branch: in front of "@" stands a label or an id.`
    : near === undefined
    ? '`limbeck history` lists the revisions.'
    : `Did you mean "${near}"?`
  fault('no-such-revision', `Can't locate revision identified by '${name}'`, {
    exit: EXIT.usage,
    hint: hint ?? known,
  })
}

/** @param argument what was asked for: `head`, `label@head` */
export function faultMultipleHeads(heads: readonly string[], argument: string): never {
  fault('multiple-heads', multipleHeadsText(argument), {
    exit: EXIT.usage,
    hint: `the heads are ${quoted(heads)}; \`limbeck merge heads\` joins them`,
  })
}

function multipleHeadsText(argument: string): string {
  return `Multiple head revisions are present for given argument '${argument}'; please specify a specific target ` +
    `revision, '<branchname>@${argument}' to narrow to a specific head, or 'heads' for all heads`
}

/** @param steps as written, with its sign */
export function faultTooFar(steps: string): never {
  const count = Number(steps)
  fault('walked-too-far', `Relative revision ${steps} didn't produce ${Math.abs(count)} migrations`, {
    exit: EXIT.usage,
    hint: 'there are not so many revisions in that direction',
  })
}

export function faultWalkedTooFar(): never {
  fault('walked-too-far', 'Walked too far', {
    exit: EXIT.usage,
    hint: 'there are not so many revisions in that direction; `base` reverts all of them',
  })
}

export function faultAmbiguousWalk(choices: readonly Revision[]): never {
  fault('ambiguous-walk', 'Ambiguous walk', {
    exit: EXIT.usage,
    hint: `the way goes on with ${
      quoted(choices.map((choice) => choice.id))
    }; name one of them, or its branch.`,
  })
}

/** The range does not go from a revision to one that comes after it. */
export function faultNotAncestor(start: string, end: string): never {
  const range = `${start}:${end}`
  const message =
    `Requested range ${range} does not refer to ancestor/descendant revisions along the same branch`
  fault('not-an-ancestor', message, { exit: EXIT.usage, hint: 'write the older revision first' })
}

export interface ProblemWording {
  /** Replaces the text of `multiple-heads`. */
  readonly multipleHeads?: string
  /** Replaces the text of `not-an-ancestor`. */
  readonly notAncestor?: string
}

/** Runs a lookup with the words that one command has for its problems. */
export function worded<T>(wording: ProblemWording, work: () => T): T {
  return locate((problem) => {
    const { multipleHeads, notAncestor } = wording
    if (problem.code === 'multiple-heads' && multipleHeads !== undefined) {
      return { ...problem, message: multipleHeads }
    }
    if (problem.code === 'not-an-ancestor' && notAncestor !== undefined) {
      return { ...problem, message: notAncestor, hint: '`limbeck current` shows where the database is' }
    }
    return problem
  }, work)
}

/** The words that upgrade and downgrade have for the target given to them. */
export function targetWording(direction: 'upgrade' | 'downgrade', target: string): ProblemWording {
  return {
    multipleHeads: multipleHeadsText(target),
    notAncestor: `Destination ${target} is not a valid ${direction} target from current head(s)`,
  }
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
