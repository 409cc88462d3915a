/**
 * The command line: every command, its arguments, options and examples. Only words: what a command does is loaded
 * when it runs, so that `--help` and `--version` stay quick.
 */
import type { CommandText, OptionText } from './command-text.ts'
import { COMPLETION } from './completion/commands.ts'

export type { CommandText, OptionText } from './command-text.ts'

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionText[] = [
  ['-c, --config <file>', 'Configuration file (default: limbeck.yaml, if there is one)'],
  ['-n, --name <environment>', 'One of the `environments` of the configuration'],
  ['-x <key=value>', 'A value for ${x:key} in revisions; may be repeated'],
  ['--url <url>', 'The database (before all other places that name one)'],
  ['--wait <time>', 'Wait so long for a database that does not answer yet: 60s, 5m (default: 0)'],
  ['-q, --quiet', 'Errors only on standard error'],
  ['--json', 'One JSON document on standard output'],
  ['--raiseerr', 'Show the stack of an error'],
]

const SQL: OptionText = ['--sql', 'Do not touch a database: write the SQL to standard output']
const DIALECT: OptionText = [
  '--dialect <name>',
  'With --sql: postgres or sqlite, whatever database is configured',
]
const TAG: OptionText = ['--tag <text>', 'Kept in the journal with what runs, for your own use']
const VERBOSE: OptionText = ['-v, --verbose', 'Show more of each revision']
const MESSAGE: OptionText = ['-m, --message <text>', 'What the revision does']
const REV_ID: OptionText = ['--rev-id <id>', 'Its id (default: 12 random hexadecimal digits)']
const LABEL: OptionText = [
  '--branch-label <label>',
  'A label for the branch that begins here; may be repeated',
]
const SPLICE: OptionText = ['--splice', 'Allow to follow a revision that is not a head']
const TRANSACTION: OptionText = ['--transaction <scope>', 'per_revision (default) or all: one for everything']
const LOCKS: readonly OptionText[] = [
  ['--lock-wait <time>', 'Wait so long for another migration of the database (default: 5m)'],
  ['--retry-for <time>', 'Try again so long what a lock or a lost connection made fail (default: 2m)'],
]
const RESUME: OptionText = [
  '--resume <how>',
  'retry or skip the statement of a run that was cut short, when nobody can know whether it was done',
]

export const COMMANDS: readonly CommandText[] = [
  {
    name: 'init',
    args: '[directory]',
    description: 'Begin: write limbeck.yaml and the folder of revisions',
    options: [],
    examples: ['limbeck init', 'limbeck init migrations'],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'revision',
    args: '',
    description: 'Write a new revision file',
    options: [
      MESSAGE,
      REV_ID,
      ['--head <revision>', 'What it follows (default: head); base begins a new branch'],
      SPLICE,
      LABEL,
      ['--depends-on <revision>', 'A revision that must be applied before; may be repeated'],
      ['--version-path <folder>', 'The folder to write it to, when there are several'],
      ['--autogenerate', 'Fill it with what leads from the database to the models'],
      ['--offline', 'With --autogenerate: from the history, without a database'],
      ['--baseline', 'Fill it with what is in the database, and stamp that: the first revision'],
      [
        '--rename <old=new>',
        'A table or column that was renamed: users.name=users.fullname; may be repeated',
      ],
      ['--no-renames', 'Nothing else was renamed: what is gone is dropped'],
    ],
    examples: [
      'limbeck revision -m "add users"',
      'limbeck revision --autogenerate -m "full names" --rename users.name=users.fullname',
      'limbeck revision -m "start billing" --head base --branch-label billing',
      'limbeck revision --baseline -m "what there was"',
    ],
    load: () => import('./commands/revision.ts'),
  },
  {
    name: 'upgrade',
    args: '<revision>',
    description: 'Move the database up to a revision',
    options: [SQL, DIALECT, TAG, TRANSACTION, ...LOCKS, RESUME],
    examples: [
      'limbeck upgrade head',
      'limbeck upgrade +1',
      'limbeck upgrade billing@head',
      'limbeck upgrade ab12:head --sql',
    ],
    load: () => import('./commands/upgrade.ts'),
  },
  {
    name: 'downgrade',
    args: '<revision>',
    description: 'Move the database down to a revision',
    options: [
      SQL,
      DIALECT,
      TAG,
      TRANSACTION,
      ...LOCKS,
      RESUME,
      ['--yes', 'Do not ask before data are destroyed, and do it where the configuration says `protect`'],
    ],
    examples: ['limbeck downgrade -1', 'limbeck downgrade base', 'limbeck downgrade head:ab12 --sql'],
    load: () => import('./commands/downgrade.ts'),
  },
  {
    name: 'stamp',
    args: '[...revisions]',
    description: 'Say that the database is at a revision, without running anything',
    options: [
      SQL,
      DIALECT,
      TAG,
      ...LOCKS,
      ['--purge', 'Forget all rows of the version table first'],
      ['--verify', 'Only if its schema is that of the revision; exit with 3 if not'],
      ['--auto', 'The revision that its schema is that of; exit with 3 if there is none'],
    ],
    examples: [
      'limbeck stamp head',
      'limbeck stamp --purge ab12',
      'limbeck stamp --verify ab12',
      'limbeck stamp --auto && limbeck upgrade head',
    ],
    load: () => import('./commands/stamp.ts'),
  },
  {
    name: 'current',
    args: '',
    description: 'Show the revisions the database is at',
    options: [VERBOSE, ['-c, --check-heads', 'Exit with 3 unless they are all the heads']],
    examples: ['limbeck current', 'limbeck current --check-heads'],
    load: () => import('./commands/current.ts'),
  },
  {
    name: 'heads',
    args: '',
    description: 'Show the revisions that no other follows',
    options: [VERBOSE, ['--resolve-dependencies', 'Leave out heads that others depend on']],
    examples: ['limbeck heads'],
    load: () => import('./commands/heads.ts'),
  },
  {
    name: 'branches',
    args: '',
    description: 'Show the revisions at which branches begin',
    options: [VERBOSE],
    examples: ['limbeck branches -v'],
    load: () => import('./commands/branches.ts'),
  },
  {
    name: 'history',
    args: '',
    description: 'Show the revisions, newest first',
    options: [
      ['-r, --rev-range <range>', 'Only from:to, either end may be left out'],
      VERBOSE,
      ['-i, --indicate-current', 'Mark those the database is at'],
    ],
    examples: ['limbeck history', 'limbeck history -r -3:current', 'limbeck history -r ab12: -v'],
    load: () => import('./commands/history.ts'),
  },
  {
    name: 'show',
    args: '<revision>',
    description: 'Show one revision',
    options: [],
    examples: ['limbeck show head', 'limbeck show ab12'],
    load: () => import('./commands/show.ts'),
  },
  {
    name: 'check',
    args: '',
    description: 'Compare the models, the history and the database; exit with 3 when they differ',
    options: [['--offline', 'The models with the history alone, without a database']],
    examples: ['limbeck check', 'limbeck check --offline --json'],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'identify',
    args: '',
    description: 'Find the revision that a database is at by its schema; exit with 3 when there is none',
    options: [['-v, --verbose', 'Show the whole difference from the nearest revisions']],
    examples: ['limbeck identify', 'limbeck identify -v', 'limbeck identify --json'],
    load: () => import('./commands/identify.ts'),
  },
  {
    name: 'journal',
    args: '[accept] [...revisions]',
    description: 'Show what ran, when, how long and by whom; or accept an edit of applied revisions',
    options: [
      ['-r, --revision <revision>', 'Only what is about this revision'],
      ['--last <count>', 'Only so many, the newest'],
      TAG,
    ],
    examples: ['limbeck journal', 'limbeck journal -r ab12 --json', 'limbeck journal accept ab12'],
    load: () => import('./commands/journal.ts'),
  },
  {
    name: 'verify',
    args: '',
    description: 'Prove the history before it runs anywhere; exit with 3 when something is wrong',
    options: [
      ['--database', 'In a scratch database, too: each step up, down and up again'],
      ['--data', 'The same (it includes --database) with rows in the tables, which must survive'],
      ['--dialect <name>', 'postgres or sqlite, whatever database is configured'],
    ],
    examples: ['limbeck verify', 'limbeck verify --data', 'limbeck verify --database --url "$DATABASE_URL"'],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'merge',
    args: '<...revisions>',
    description: 'Write a revision that joins several heads',
    options: [MESSAGE, REV_ID, LABEL, SPLICE],
    examples: ['limbeck merge heads -m "join billing"', 'limbeck merge ab12 cd34'],
    load: () => import('./commands/merge.ts'),
  },
  {
    name: 'edit',
    args: '<revision>',
    description: 'Open a revision file in $VISUAL or $EDITOR',
    options: [],
    examples: ['limbeck edit head'],
    load: () => import('./commands/edit.ts'),
  },
  {
    name: 'ensure-version',
    aliases: ['ensure_version'],
    args: '',
    description: 'Create the version table, if it is not there',
    options: [SQL, DIALECT],
    examples: ['limbeck ensure-version'],
    load: () => import('./commands/ensure-version.ts'),
  },
  {
    name: 'inspect',
    args: '',
    description: 'Show the schema of the database as models, SQL or a picture',
    options: [
      ['--at <revision>', 'The schema at a revision, from the files alone'],
      ['--models', 'The schema that the models declare'],
      ['--format <format>', 'yaml (default), json, sql, mermaid or svg'],
      ['--split <folder>', 'Write models files to a folder, one a table'],
      ['--dialect <name>', 'With --at and --models: postgres or sqlite, whatever database is configured'],
    ],
    examples: [
      'limbeck inspect > models/schema.yaml',
      'limbeck inspect --split models',
      'limbeck inspect --at head --format svg > schema.svg',
    ],
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'import',
    args: '<format> [...folders]',
    description: 'Turn revisions of Alembic, or SQL migrations, into revisions; nothing is run',
    options: [
      ['--dialect <name>', 'What they are for alone: postgres or sqlite'],
      ['--type <name=type>', 'What a type of your own is: app.types.Money="numeric(12, 2)"; may be repeated'],
      ['--version-path <folder>', 'The folder to write to (default: the first of the revisions)'],
      ['--dry-run', 'Only report, write nothing'],
    ],
    sections: [['Formats', [
      ['alembic', 'A folder of revisions of Alembic, or its alembic.ini (default: the one here)'],
      [
        'sql',
        'A folder of SQL migrations: dbmate, Diesel, Flyway, golang-migrate, goose, node-pg-migrate, Prisma,',
      ],
      ['', 'sql-migrate, sqlx or tern'],
    ]]],
    examples: [
      'limbeck import alembic alembic.ini',
      'limbeck import alembic migrations/versions --dry-run --json',
      'limbeck import sql db/migrations --dialect sqlite',
    ],
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'explain',
    args: '[operation]',
    description: 'Show what an operation takes, an example, and its SQL',
    options: [],
    examples: ['limbeck explain', 'limbeck explain add_column'],
    load: () => import('./commands/explain.ts'),
  },
  ...COMPLETION,
]

/** The command of that name or alias. */
export function findCommand(name: string): CommandText | undefined {
  return COMMANDS.find((one) => one.name === name || one.aliases?.includes(name))
}
