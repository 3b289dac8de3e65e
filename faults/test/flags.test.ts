import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { activeFaults, healFaults } from '../src/flag-store.ts'
import { openFlags } from '../src/flags.ts'
import { flagsInFile } from '../src/flags-file.ts'
import { flagOf } from '../src/flags-format.ts'

const main = join(import.meta.dirname, '../../local/launcher/faults.ts')
const folder = await mkdtemp(join(tmpdir(), 'hello-flags-'))
const file = join(folder, 'faults.json')
const store = flagsInFile(file)
const running = new Set<ChildProcess>()
after(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})
beforeEach(() => rm(file, { force: true }))

/** The command line as a process of its own, with what it says in the end. */
function command(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args, '--file', file], { env: { ...process.env, LC_ALL: 'C' } })
  running.add(child)
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  const ended = said.then(([out, err, [code]]) => {
    running.delete(child)
    return { out, err, code: code as number | null }
  })
  return { child, ended }
}
const active = async () => (await activeFaults(store)).map(({ name }) => name).sort()
const isOn = (...names: string[]) => eventually(async () => assert.deepEqual(await active(), names))

/** How strong a service finds a fault, as OpenFeature reads the flag. */
function watchFlags(path = file) {
  const reports: Error[] = []
  const flags = openFlags(path, (error) => reports.push(error))
  after(() => flags.close())
  return { reports, ratio: (name: string) => flags.ratio(name) }
}

describe('a fault that a program keeps on', () => {
  test('is over when its time is, for the program and for a service', async () => {
    const { ratio } = watchFlags()
    const { ended } = command('set', 'red-herring', '--for', '30s', '--ratio', '0.5')
    await eventually(async () => assert.equal(await ratio('red-herring'), 0.5))
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /Its time is over\./)
    await eventually(async () => assert.equal(await ratio('red-herring'), 0))
  })

  test('ends by itself, with nobody to write the file, when the program is killed', async () => {
    const { ratio } = watchFlags()
    const { child, ended } = command('set', 'red-herring')
    await eventually(async () => assert.equal(await ratio('red-herring'), 1))
    child.kill('SIGKILL')
    await ended
    const left = await store.read()
    await eventually(async () => assert.equal(await ratio('red-herring'), 0))
    assert.deepEqual(await store.read(), left)
    assert.deepEqual(await active(), [])
  })

  test('is ended by Ctrl-C', async () => {
    const { child, ended } = command('set', 'red-herring')
    await isOn('red-herring')
    child.kill('SIGINT')
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /Ended\./)
    assert.deepEqual(await active(), [])
  })

  test('is healed by another program, and the first one says so', async () => {
    const { ended } = command('set', 'red-herring')
    await isOn('red-herring')
    const healed = await command('heal', 'red-herring').ended
    assert.deepEqual([healed.code, healed.out], [0, 'Off: red-herring\n'])
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /It was healed\./)
    assert.deepEqual(await active(), [])
  })

  test('can be set again after it was healed', async () => {
    await healFaults(store, ['red-herring'])
    const { child, ended } = command('set', 'red-herring')
    await isOn('red-herring')
    child.kill('SIGINT')
    await ended
  })

  test('stays on while another one is set, ended and healed', async () => {
    const first = command('set', 'red-herring')
    const second = command('set', 'slow-inventory')
    await isOn('red-herring', 'slow-inventory')
    const { out } = await command('list').ended
    assert.match(out, /^on {2}red-herring/m)
    assert.match(out, /^on {2}slow-inventory/m)
    assert.match(out, /^ {4}none/m)
    second.child.kill('SIGINT')
    await second.ended
    assert.deepEqual(await active(), ['red-herring'])
    await command('heal', 'slow-inventory').ended
    const { metadata } = (await store.read()).flags['red-herring']!
    await eventually(async () => assert.ok((await store.read()).flags['red-herring']!.metadata.until > metadata.until))
    await command('heal').ended
    assert.match((await first.ended).out, /It was healed\./)
  })

  test('is not lost when many programs write at the same time', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `fault-${index}`)
    await Promise.all(
      names.map((name) =>
        store.change(({ flags }) => {
          flags[name] = flagOf({}, 1, Date.now() + 60_000)
          return true
        }),
      ),
    )
    assert.deepEqual(await active(), names.toSorted())
  })

  test('can be set though a program was killed while it wrote', async () => {
    const killed = spawn(process.execPath, ['-e', ''])
    await once(killed, 'exit')
    await writeFile(`${file}.lock`, String(killed.pid))
    await healFaults(store, ['red-herring'])
    assert.ok((await store.read()).metadata['red-herring'])
  })
})

describe('a service', () => {
  test('reads a flag until its time, though nobody writes the file again', async () => {
    const { ratio } = watchFlags()
    await store.change(({ flags }) => {
      flags['red-herring'] = flagOf({}, 0.25, Date.now() + 30_000)
      return true
    })
    await eventually(async () => assert.equal(await ratio('red-herring'), 0.25))
    await eventually(async () => assert.equal(await ratio('red-herring'), 0))
  })

  test('reads the volume of a ConfigMap, whose files the kubelet exchanges behind links', async () => {
    const volume = await mkdtemp(join(folder, 'volume-'))
    const { ratio } = watchFlags(join(volume, 'faults.json'))
    async function bring(version: string, strength: number) {
      await mkdir(join(volume, version))
      const { change } = flagsInFile(join(volume, version, 'faults.json'))
      await change(({ flags }) => {
        flags['red-herring'] = flagOf({}, strength, Date.now() + 3_600_000)
        return true
      })
      await symlink(version, join(volume, '..data_tmp'))
      await rename(join(volume, '..data_tmp'), join(volume, '..data'))
    }
    await bring('..1', 0.25)
    await symlink('..data/faults.json', join(volume, 'faults.json'))
    await eventually(async () => assert.equal(await ratio('red-herring'), 0.25))
    await bring('..2', 0.75)
    await eventually(async () => assert.equal(await ratio('red-herring'), 0.75))
  })

  test('reports a broken file once, keeps the flags that it has, and reads the next one', async () => {
    const { ratio, reports } = watchFlags()
    await store.change(({ flags }) => {
      flags['red-herring'] = flagOf({}, 1, Date.now() + 3_600_000)
      return true
    })
    await eventually(async () => assert.equal(await ratio('red-herring'), 1))
    const whole = await store.read()
    await writeFile(file, '{ "flags": ')
    await eventually(() => assert.equal(reports.length, 1))
    assert.equal(await ratio('red-herring'), 1)
    await writeFile(file, JSON.stringify({ ...whole, flags: {} }))
    await eventually(async () => assert.equal(await ratio('red-herring'), 0))
    assert.equal(reports.length, 1)
  })

  test('reports a file that is broken from the beginning once, and reads it when it is mended', async () => {
    await writeFile(file, '{')
    const { ratio, reports } = watchFlags()
    await eventually(() => assert.equal(reports.length, 1))
    for (let asked = 0; asked < 5; asked++) assert.equal(await ratio('red-herring'), 0)
    const other = flagsInFile(join(folder, 'other.json'))
    await other.change(({ flags }) => {
      flags['red-herring'] = flagOf({}, 1, Date.now() + 3_600_000)
      return true
    })
    await writeFile(file, JSON.stringify(await other.read()))
    await eventually(async () => assert.equal(await ratio('red-herring'), 1))
    assert.equal(reports.length, 1)
  })
})

describe('the command line refuses', () => {
  for (const [args, code, says] of [
    [['set', 'no-such-fault'], 2, /There is no fault "no-such-fault"; there are: .*red-herring/],
    [['set'], 2, /There is no fault without a name/],
    [['heal', 'no-such-fault'], 2, /There is no fault "no-such-fault"/],
    [['set', 'red-herring', '--ratio', '0'], 1, /--ratio takes a number above 0, at most 1/],
    [['set', 'red-herring', '--ratio', '1.1'], 1, /--ratio/],
    [['set', 'red-herring', '--ratio', 'much'], 1, /--ratio/],
    [['set', 'red-herring', '--for', '10'], 1, /--for takes a time/],
    [['set', 'red-herring', '--for', '0s'], 1, /--for takes a time/],
    [['set', 'red-herring', '--for', '61m'], 1, /--for takes a time/],
    [['set', 'red-herring', 'slow-inventory'], 1, /one fault/],
    [['set', 'red-herring', '--loudly'], 1, /--loudly/],
    [['break'], 1, /There is no command break/],
    [[], 1, /Which command\?/],
  ] as const)
    test(`\`${args.join(' ')}\` with ${code}, and sets nothing`, async () => {
      const answer = await command(...args).ended
      assert.equal(answer.code, code, answer.out)
      assert.match(answer.err, says)
      assert.deepEqual(await active(), [])
    })

  for (const args of [['set', 'red-herring'], ['list'], ['heal']])
    test(`\`${args[0]}\` with 3 where the file is broken, and leaves it as it is`, async () => {
      await writeFile(file, '{ "flags": ')
      const { code, err } = await command(...args).ended
      assert.equal(code, 3)
      assert.match(err, /^\S+ is no JSON; mend it, or remove it to begin anew\n$/)
      assert.equal(await readFile(file, 'utf8'), '{ "flags": ')
    })

  test('nothing where help is asked for', async () => {
    const { code, out } = await command('--help').ended
    assert.equal(code, 0)
    assert.match(
      out,
      /Exit codes: 0 done, 1 unusable command, 2 no fault of that name, 3 unusable file of flags, or no cluster\./,
    )
  })
})
