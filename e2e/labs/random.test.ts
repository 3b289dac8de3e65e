import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { incidentLabs } from '@hello/labs/all-labs'
import { needsStack, problemsOf } from '@hello/labs/lab'
import { labText } from '@hello/labs/lab-text'
import { pickLab } from '@hello/labs/random-lab'
import { signalsOf } from '@hello/labs/signals'
import { checkout } from '@hello/local/processes/checkout'
import { eventually } from '@hello/test-support/eventually'
import { answerOfAnExpert } from './expert.ts'

// Away from a shop without offset, from ports for outgoing connections, and from freePort.
const portOffset = 1200 + 10 * Math.floor(Math.random() * 330)
const frontend = `http://localhost:${3001 + portOffset}`
const ended: (() => Promise<void>)[] = []
let dataDir: string

/** A program of the checkout that is talked to. */
function run(program: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(checkout, program), '--data', dataDir, ...args])
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let output = ''
  let read = 0
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  return {
    child,
    exit,
    output: () => output,
    /** Waits for a text after the last that was waited for. */
    async says(text: string) {
      await eventually(() => output.indexOf(text, read) >= 0 || child.exitCode !== null)
      const at = output.indexOf(text, read)
      assert.ok(at >= 0, `no "${text}" in ${output}`)
      read = at + text.length
    },
    types: (text: string) => child.stdin.write(`${text}\n`),
  }
}

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hello-labs-'))
  const shop = run('local/launcher/main.ts', '--port-offset', String(portOffset))
  ended.push(async () => {
    shop.child.kill('SIGINT')
    await shop.exit
    await rm(dataDir, { recursive: true, force: true })
  })
  await shop.says('Ctrl-C stops everything')
})
after(async () => {
  for (const end of ended) await end()
})

const anywhere = incidentLabs.filter((lab) => !needsStack(lab))

for (const seed of Array.from({ length: 10 }, (_, index) => String(index)))
  test(`seed ${seed} is solved in the terminal without its name`, async (t) => {
    const lab = pickLab(anywhere, seed)
    const program = run('labs/src/main.ts', '--random', '--seed', seed, '--language', 'en', '--well', '4')
    t.after(() => {
      program.child.kill('SIGINT')
      return program.exit
    })
    async function answer(texts: { component: string; mechanism: string; evidence: string }) {
      await program.says('> ')
      program.types('answer')
      await program.says('number or name: ')
      program.types(texts.component)
      await program.says('number or name: ')
      program.types(texts.mechanism)
      await program.says('broken): ')
      program.types(texts.evidence)
    }
    await program.says('Now it is broken')
    const from = Date.now()
    await answer({ component: 'frontend', mechanism: 'late', evidence: 'everything' })
    await program.says('✖ Where is the cause?')
    for (const problem of problemsOf(lab))
      await answer(await answerOfAnExpert(problem, signalsOf(frontend), () => ({ from, to: Date.now() })))
    assert.ok(!program.output().includes(labText(lab, 'en').title), 'the name was told before the answer')
    await program.says('90/100')
    assert.equal(await program.exit, 0, program.output())
    await program.says(labText(lab, 'en').title)
  })
