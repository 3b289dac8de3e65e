import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { askForJson, NoAnswer } from '../src/ask.ts'

const server = createServer((request, response) => {
  const status = Number(request.url!.slice(1))
  if (status === 0) return void response.destroy()
  response.writeHead(status).end('{"fits": true}')
})
let url: string
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

test('an answer is read, and a refusal is nothing', async () => {
  assert.deepEqual(await askForJson(`${url}/200`), { fits: true })
  for (const status of [400, 404]) assert.equal(await askForJson(`${url}/${status}`), undefined)
})

test('what gives no answer is named', async () => {
  for (const [path, said] of [
    ['503', 'answered 503: {"fits": true}'],
    ['0', 'other side closed'],
  ] as const)
    await assert.rejects(askForJson(`${url}/${path}`), (error) => {
      assert.ok(error instanceof NoAnswer)
      assert.ok(error.message.startsWith(`GET ${url}/${path}`) && error.message.endsWith(said), error.message)
      return true
    })
  const closed = `http://127.0.0.1:${await freePort()}`
  await assert.rejects(askForJson(closed), {
    message: `GET ${closed}: connect ECONNREFUSED ${closed.slice('http://'.length)}`,
  })
})
