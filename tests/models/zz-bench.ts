import { readDocuments } from '../../src/models/document.ts'
import { assemble } from '../../src/models/assemble.ts'
import { loadYaml } from '../../src/revision/yaml.ts'
import { loadValidator, wrong } from '../../src/revision/validator.ts'
import { sourceOf, compose } from '../../src/revision/source.ts'
import { MODELS_SHAPE } from '../../src/models/shape.ts'
const texts = []
for (let f = 0; f < 10; f++) {
    let text = 'tables:\n'
    for (let i = 0; i < 100; i++) {
      const k = f * 100 + i
      text += `  - name: t${k}\n    columns:\n      - { name: id, type: bigint, primary_key: true }\n      - { name: a, type: varchar(30), nullable: false, default: abc, index: true }\n      - { name: b, type: timestamptz, default: { sql: now() } }\n      - { name: c, type: bigint, references: { table: t${Math.max(0, k - 7)}, column: id } }\n`
    }
    texts.push({ file: `${f}.yaml`, text })
}
const time = async (name: string, work: () => unknown) => { const at = performance.now(); const r = await work(); console.log(name, Math.round(performance.now() - at)); return r }
const yaml = await time('load yaml', loadYaml) as any
await time('load ajv', loadValidator)
await time('compile', () => wrong(MODELS_SHAPE, {}))
for (let round = 0; round < 2; round++) {
await time('lex', () => { for (const { text } of texts) for (const _ of new yaml.Lexer().lex(text)); })
await time('cst', () => { for (const { text } of texts) for (const _ of new yaml.Parser().parse(text)); })
await time('compose', () => texts.forEach(({ text, file }) => compose(yaml, text, file)))
const sources = await time('source', () => texts.map(({ text, file }) => sourceOf(yaml, text, file))) as any[]
await time('validate', () => sources.forEach((s) => wrong(MODELS_SHAPE, s.data)))
const items = await time('items', () => readDocuments(texts)) as any
await time('assemble', () => assemble(items, 'postgres'))
await time('lexyaml.parse', () => texts.forEach(({ text }) => yaml.parse(text)))
}
