/**
 * Compiles an executable. It is run by Bun, whose bundler it calls: `bun scripts/build/executable.ts <job>`, the job as
 * JSON.
 */
import process from 'node:process'
import { embedded } from './native.ts'
import { validators } from './validators.ts'

export interface Job {
  readonly entry: string
  readonly outfile: string
  /** What Bun calls the machine; absent: this one. */
  readonly target?: string
  /** Bun's executable for that machine. */
  readonly base?: string
  /** libSQL's native addon for it. */
  readonly addon: string
}

/** The part of Bun's bundler that is used here (https://bun.com/docs/bundler/executables). */
declare const Bun: {
  build(options: {
    readonly entrypoints: readonly string[]
    readonly compile: {
      readonly outfile: string
      readonly target?: string
      readonly executablePath?: string
      readonly autoloadDotenv: boolean
      readonly autoloadBunfig: boolean
      readonly jitPolicy: number
    }
    readonly minify: {
      readonly whitespace: boolean
      readonly syntax: boolean
      readonly identifiers: boolean
    }
    readonly bytecode: boolean
    readonly splitting: boolean
    readonly format: 'esm'
    readonly plugins: readonly ReturnType<typeof embedded>[]
  }): Promise<unknown>
}

const { entry, outfile, target, base, addon } = JSON.parse(process.argv[2] ?? '{}') as Job
await Bun.build({
  entrypoints: [entry],
  compile: {
    outfile,
    ...(target === undefined ? {} : { target }),
    ...(base === undefined ? {} : { executablePath: base }),
    // Files of whatever folder it is started in change nothing: under Node they would not, either.
    autoloadDotenv: false,
    autoloadBunfig: false,
    // How reluctantly code is compiled to machine code: most runs are over before that pays, and the threads that compile
    // take a processor from the database.
    jitPolicy: 8,
  },
  // Names stay: `postgres` calls its errors by their class.
  minify: { whitespace: true, syntax: true, identifiers: false },
  bytecode: true,
  // What is imported lazily stays out of memory until then: `--version` starts in half the time.
  splitting: true,
  format: 'esm',
  plugins: [embedded(addon), validators],
})
