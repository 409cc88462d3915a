/**
 * Compiles the executable. It is run by Bun, whose bundler it calls: `bun scripts/build/executable.ts <entry> <outfile>`.
 */
import process from 'node:process'
import { embedded } from './native.ts'

/** The part of Bun's bundler that is used here (https://bun.com/docs/bundler/executables). */
declare const Bun: {
  build(options: {
    readonly entrypoints: readonly string[]
    readonly compile: { readonly outfile: string }
    readonly minify: boolean
    readonly bytecode: boolean
    readonly format: 'esm'
    readonly plugins: readonly ReturnType<typeof embedded>[]
  }): Promise<unknown>
}

const [entry = '', outfile = ''] = process.argv.slice(2)
await Bun.build({
  entrypoints: [entry],
  compile: { outfile },
  minify: true,
  bytecode: true,
  format: 'esm',
  plugins: [embedded(`${process.platform}-${process.arch}`)],
})
