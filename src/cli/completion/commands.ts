/** The commands behind completion in shells. */
import type { CommandText } from '../command-text.ts'

export const COMPLETION: readonly CommandText[] = [
  {
    name: 'completion',
    args: '<shell>',
    description: 'Print what makes bash, zsh or fish complete commands, options and revisions',
    options: [],
    examples: [
      'source <(limbeck completion bash)',
      'source <(limbeck completion zsh)',
      'limbeck completion fish > ~/.config/fish/completions/limbeck.fish',
    ],
    load: () => import('../commands/completion.ts'),
  },
  {
    name: 'complete',
    args: '[...words]',
    description: 'What the last word of a command line can become, for the scripts of `completion`',
    options: [],
    examples: ['limbeck complete -- upgrade he'],
    hidden: true,
    load: () => import('../commands/complete.ts'),
  },
]
