import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FlagStore } from '@hello/faults/flag-store'
import { allLabs } from '../src/all-labs.ts'
import { hintsOf, type IncidentLab, killsProcess, needsStack, problemsOf } from '../src/lab.ts'
import { startLab } from '../src/lab-run.ts'
import { folderOf, labText } from '../src/lab-text.ts'

const root = join(import.meta.dirname, '..')

test('every folder is a lab, numbered from 1', () => {
  const folders = readdirSync(root).filter((name) => /^\d/.test(name))
  assert.deepEqual(allLabs.map(folderOf), folders)
  assert.deepEqual(
    allLabs.map(({ number }) => number),
    allLabs.map((_, index) => index + 1),
  )
})

for (const lab of allLabs) {
  test(`${lab.name} says the same in both languages`, () => {
    const [en, ko] = [labText(lab, 'en'), labText(lab, 'ko')]
    for (const part of ['title', 'situation', 'question', 'solution'] as const) {
      const paragraphs = (text: string) => text.split('\n\n').length
      assert.equal(paragraphs(ko[part]), paragraphs(en[part]), part)
      const code = (text: string) => Array.from(text.matchAll(/`[^`]+`/g), ([one]) => one).sort()
      assert.deepEqual(code(ko[part]), code(en[part]), part)
    }
  })

  test(`${lab.name} has hints, and gives its cause away in none of the texts that come before the answer`, () => {
    assert.ok(hintsOf(lab).length > 0)
    for (const language of ['en', 'ko'] as const) {
      const file = readFileSync(join(root, folderOf(lab), `${language}.md`), 'utf8')
      const { title, situation, question } = labText(lab, language)
      assert.ok(file.includes(title))
      if ('incident' in lab)
        for (const { incident } of problemsOf(lab))
          if ('fault' in incident)
            for (const text of [title, situation, question]) assert.ok(!text.includes(incident.fault), text)
    }
  })
}

test('a lab that kills a process is refused where none can be killed', async () => {
  const lab = allLabs.find((one) => 'incident' in one && killsProcess(one)) as IncidentLab
  const place = {
    frontend: 'http://127.0.0.1:1',
    shelves: { product: '', inventory: '' },
    faults: {} as FlagStore,
    signals: {
      trace: async () => undefined,
      traces: async () => [],
      logs: async () => [],
      hadFault: async () => false,
      prometheus: undefined,
    },
  }
  const started = startLab(lab, place, { wellFor: 0 })
  await assert.rejects(started, {
    message: `Lab ${lab.number} kills a process, of make local only: make lab N=${lab.number}`,
  })
})

for (const language of ['en', 'ko'] as const)
  test(`docs/${language}/learn/labs.md lists every lab by its title`, () => {
    const page = readFileSync(join(root, `../docs/${language}/learn/labs.md`), 'utf8')
    const listed = Array.from(page.matchAll(/^\| (\d+\. .+?) \|/gm), ([, title]) => title)
    assert.deepEqual(
      listed,
      allLabs.map((lab) => `${lab.number}. ${labText(lab, language).title}${needsStack(lab) ? ' (`STACK=1`)' : ''}`),
    )
  })
