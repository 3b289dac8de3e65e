import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { readProgress } from '@hello/labs/progress'
import { readRunFile } from '@hello/local/launcher/run-file'
import { eventually } from '@hello/test-support/eventually'
import type { Browser, Page } from 'playwright-core'
import { violations } from '../accessibility.ts'
import { launchBrowser, openPage, tabTo } from '../browser.ts'
import { exchange, request } from '../hostile/raw-connection.ts'
import { getJson } from '../lib/get-json.ts'

const checkout = join(import.meta.dirname, '../..')
// Away from a shop without offset, from ports for outgoing connections, and from freePort.
const portOffset = 1200 + 10 * Math.floor(Math.random() * 330)
const frontend = `http://localhost:${3001 + portOffset}`

/** A lab takes its time until the shop is broken, and a machine may be busy; in milliseconds. */
const patience = 120_000

/** A program of this checkout, and what it says. */
function start(...args: string[]) {
  const child = spawn(process.execPath, args, { cwd: checkout })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  async function says(text: string | RegExp) {
    await eventually(() => output.match(text) !== null || child.exitCode !== null)
    assert.match(output, new RegExp(text))
  }
  return { child, ended, says, output: () => output }
}

/** Moves through a page as somebody does who has no mouse. */
function keyboard(page: Page) {
  return {
    async follow(name: string) {
      await tabTo(page, 'link', name)
      await page.keyboard.press('Enter')
    },
    async press(name: string) {
      await tabTo(page, 'button', name)
      await page.keyboard.press('Enter')
    },
    async choose(name: string, option: string) {
      await tabTo(page, 'combobox', name)
      const list = page.getByRole('combobox', { name, exact: true })
      const chosen = () => list.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.label)
      await page.keyboard.press('Home')
      const options = await list.locator('option').count()
      for (let at = 1; at < options && (await chosen()) !== option; at++) await page.keyboard.press('ArrowDown')
      assert.equal(await chosen(), option)
    },
    async enter(name: string, text: string) {
      await tabTo(page, 'textbox', name)
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    },
  }
}

describe('the Lab view of make local', () => {
  let dataDir: string
  let launcher: ReturnType<typeof start>
  let browser: Browser
  function startLab(t: TestContext, number: string) {
    const lab = start('labs/src/main.ts', number, '--data', dataDir, '--language', 'en', '--well', '10')
    t.after(async () => {
      lab.child.kill('SIGINT')
      await lab.ended
      t.diagnostic(lab.output())
    })
    return lab
  }

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hello-lab-'))
    launcher = start('local/launcher/main.ts', '--port-offset', String(portOffset), '--data', dataDir, '--faults-page')
    browser = await launchBrowser()
    await launcher.says('Ctrl-C stops everything')
  })
  after(async () => {
    await browser?.close()
    launcher.child.kill('SIGTERM')
    await launcher.ended
    await rm(dataDir, { recursive: true, force: true })
  })

  test('shows the lab that the terminal began, and takes the answer that the signals give, by keyboard', async (t) => {
    const page = await openPage(t, browser, `${frontend}/signals/lab`, { reducedMotion: 'reduce' })
    page.setDefaultTimeout(patience)
    const { follow, press, choose, enter } = keyboard(page)
    await page.getByText('No lab runs.').waitFor()
    const lab = startLab(t, '2')
    await page.getByText(/^The shop is still well/).waitFor()
    await page.getByRole('heading', { name: '2. Some orders fail' }).waitFor()
    await follow('Metrics of all services')
    await page.getByRole('heading', { name: 'gateway' }).first().waitFor()
    await follow('Lab')
    await page.getByText('Which service fails, and is it its own doing').waitFor()

    await press('Show a hint (−15 points)')
    await page.getByText('worth 85 points now').waitFor()
    await choose('Where is the cause?', 'the gateway')
    await choose('What is it?', 'it answers errors, by its own doing')
    await enter('Evidence: the id of a trace', 'ab'.repeat(16))
    await page.getByText('There is no trace of this id').waitFor()
    await page.getByText('worth 75 points now').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await violations(page), [], colorScheme)
    }

    await follow('Faults')
    await page.getByText(/^A lab is under way/).waitFor()
    await follow('Logs')
    await tabTo(page, 'searchbox', 'Text')
    await page.keyboard.type('a fault is on')
    await page.getByText('0 found').waitFor()
    await follow('Lab')
    await follow('Traces since it broke')
    await choose('Service', 'order')
    await tabTo(page, 'radio', 'All')
    for (const _ of ['OK', '4xx', 'Failed']) await page.keyboard.press('ArrowRight')
    await page.waitForURL(/service=order.*status=error|status=error.*service=order/)
    // The rows of the filters before stay until those of these are there.
    const rows = page
      .getByRole('table')
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader') })
    await eventually(async () => assert.equal(await rows.filter({ hasNotText: /5\d\d|Failed/ }).count(), 0))
    const failed = rows.first().getByRole('link').first()
    await failed.waitFor()
    await failed.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/signals\/traces\/[0-9a-f]{32}/)
    const [, traceId] = /traces\/([0-9a-f]{32})/.exec(page.url())!
    await follow('Lab')
    await choose('Where is the cause?', 'the order service')
    await enter('Evidence: the id of a trace', traceId!)
    const outcome = page.getByText(/^Solved in \d+:\d\d: 75 of 100 points\./)
    await outcome.waitFor()
    assert.ok(await outcome.evaluate((element) => element === document.activeElement))
    await page.getByText(/lowest red span/).waitFor()
    assert.equal(await lab.ended, 0)
    assert.match(lab.output(), /Right\. 75\/100/)
    await page.getByText('The shop is well again.').waitFor()
    await page.getByText('make lab N=1', { exact: true }).waitFor()
    assert.deepEqual(readProgress(join(dataDir, 'labs.json')), {
      'orders-that-fail': { hints: 1, wrong: 1, points: 75 },
    })
  })

  test('lets nobody else see or answer a lab, and none of it makes signals', async (t) => {
    const { labPort } = (await readRunFile(dataDir))!
    const page = await openPage(t, browser, `${frontend}/signals/lab`)
    page.setDefaultTimeout(patience)
    const lab = startLab(t, '10')
    await page.getByText('There is nothing more in the letter.').waitFor()
    const answer = '{"component":"nothing","mechanism":"none","evidence":""}'
    const program = `http://127.0.0.1:${labPort}`
    for (const [what, server, status, line, body, ...headers] of [
      ['another origin', frontend, 403, 'POST /lab/api/answers', answer, 'Origin: http://attacker.example'],
      ['another site', frontend, 403, 'DELETE /lab/api/lab', '', 'Sec-Fetch-Site: cross-site'],
      ['another port of this machine', frontend, 403, 'DELETE /lab/api/lab', '', 'Sec-Fetch-Site: same-site'],
      ['a form', frontend, 415, 'POST /lab/api/answers', 'component=nothing', 'Content-Type: text/plain'],
      ['broken JSON', frontend, 400, 'POST /lab/api/answers', '{"component":'],
      ['100 kB', frontend, 413, 'POST /lab/api/answers', `{"evidence":"${'x'.repeat(100_000)}"}`],
      ['a page, past the frontend', program, 404, 'POST /lab/api/answers', answer, `Origin: ${frontend}`],
      ['a form, past the frontend', program, 404, 'POST /lab/api/hints', 'number=1', 'Origin: null'],
      ['a look, past the frontend', program, 404, 'GET /lab/api/lab', '', 'Sec-Fetch-Site: same-site'],
    ] as const) {
      const type =
        body && !headers.some((header) => header.startsWith('Content-Type')) ? ['Content-Type: application/json'] : []
      const start = request(`${line} HTTP/1.1`, ...type, `Content-Length: ${body.length}`, ...headers)
      await eventually(async () => {
        const { statuses, text } = await exchange(server, start + body)
        assert.deepEqual(statuses, [status], `${what}: ${text.slice(0, 300)}`)
      })
    }
    const rebound = `GET /lab/api/lab HTTP/1.1\r\nHost: attacker.example:${labPort}\r\nConnection: close\r\n\r\n`
    for (const server of [frontend, program]) assert.deepEqual((await exchange(server, rebound)).statuses, [421])

    // The other lab of the same shop, while this one runs.
    const second = startLab(t, '3')
    assert.equal(await second.ended, 3)
    assert.match(second.output(), new RegExp(`Port ${labPort} is taken, most likely by another lab`))

    const { choose, press } = keyboard(page)
    await choose('Where is the cause?', 'nothing is broken')
    await choose('What is it?', 'there is nothing to find')
    await press('Answer')
    await page.getByText(/^Solved in .+: 100 of 100 points\./).waitFor()
    assert.equal(await lab.ended, 0)
    const { lines } = await getJson(frontend, '/signals/api/logs', {
      service: 'frontend',
      text: '/lab/',
      limit: '1000',
    })
    assert.deepEqual(lines, [])
    const { traces } = await getJson(frontend, '/signals/api/traces', { text: '/lab/api', limit: '100' })
    assert.deepEqual(traces, [])
  })
})
