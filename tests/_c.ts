import { readdirSync, readFileSync } from 'node:fs'
import { scanHeader } from '../src/revision/header-scan.ts'
import { parseSource } from '../src/revision/source.ts'
import { operationsFindings } from '../src/revision/operation.ts'
const d='/tmp/x/revs'
const time=(n:string,f:()=>void)=>{ for(let k=0;k<3;k++){const c0=process.cpuUsage(); f(); const c=process.cpuUsage(c0); console.log(n,(c.user/1000|0)+'+'+(c.system/1000|0))}}
let texts:string[]=[]
time('list',()=>{readdirSync(d,{withFileTypes:true})})
const fs=readdirSync(d).map(f=>d+'/'+f)
time('read',()=>{texts=fs.map(f=>readFileSync(f,'utf8'))})
time('scan',()=>{for(const t of texts) scanHeader(t)})
const s: any[]=[]
for (const t of texts.slice(0,1000)) s.push(await parseSource(t,'f',{asWritten:new Map([['id','text'],['down_revision','nullable']])}))
{const c0=process.cpuUsage(); for (const t of texts.slice(0,1000)) await parseSource(t,'f',{asWritten:new Map([['id','text'],['down_revision','nullable']])}); console.log('parse', process.cpuUsage(c0).user/1000)}
time('validate',()=>{for(const x of s) operationsFindings(x.data.upgrade,['upgrade'])})
