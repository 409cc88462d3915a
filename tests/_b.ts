import { readHeaders } from '../src/revision/headers.ts'
import { loadRevisions } from '../src/revision/load.ts'
import { mkdirSync, writeFileSync, existsSync } from 'node:fs'
const d='/tmp/x/revs'
if(!existsSync(d)){ mkdirSync(d); for(let i=0;i<10000;i++){ const id=(0x100000000000+i*7919).toString(16)
writeFileSync(`${d}/${id}_x.yaml`, `# yaml-language-server: $schema=../schemas/revision.schema.json
id: ${id}
down_revision: ${i? (0x100000000000+(i-1)*7919).toString(16):'null'}
message: Add the table number ${i}
created: 2024-10-23T16:46:49Z

upgrade:
  - create_table:
      name: t${i}
      columns:
        - { name: id, type: uuid, primary_key: true }
        - { name: filename, type: varchar, nullable: false }
        - { name: created_at, type: timestamptz, nullable: false, default: { sql: CURRENT_TIMESTAMP } }
  - drop_table: { name: t${i} }

downgrade: []
`)}}
for (let k=0;k<4;k++){ const c0=process.cpuUsage(), t=performance.now(); const n=await readHeaders([d]); const c=process.cpuUsage(c0); console.log(n.length, Math.round(performance.now()-t)+'ms wall', (c.user/1000|0)+'ms user',(c.system/1000|0)+'ms sys') }
const files=(await readHeaders([d])).slice(0,1000).map(n=>n.file)
for (let k=0;k<2;k++){ const c0=process.cpuUsage(), t=performance.now(); const n=await loadRevisions(files); const c=process.cpuUsage(c0); console.log('load',n.length, Math.round(performance.now()-t)+'ms wall', (c.user/1000|0)+'ms user',(c.system/1000|0)+'ms sys') }
