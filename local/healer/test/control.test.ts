import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { startTied } from '@hello/processes/tied-process'
import { eventually } from '@hello/test-support/eventually'
import { type Supervised, supervise } from '../../processes/supervisor.ts'
import { startControl } from '../control.ts'

const token = 'a-token-of-a-test'

/** A process that lives until it is ended, and says nothing. */
const idle = (name: string) =>
  supervise(
    name,
    () =>
      startTied({
        command: process.execPath,
        args: ['--eval', 'setInterval(() => {}, 1000)'],
        cwd: '/',
        env: process.env,
        stopSignals: ['SIGKILL'],
        stopTimeout: 1000,
        output: () => {},
      }),
    () => {},
  )

describe("the launcher's control address", () => {
  let url: string
  let order: Supervised
  let control: Awaited<ReturnType<typeof startControl>>
  before(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    order = await idle('order')
    control = await startControl({ port, token, processes: () => [order] })
  })
  after(async () => {
    await control.stop()
    await order.stop()
  })

  const ask = (method: string, path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    fetch(url + path, { method, headers })

  test('says which process may be restarted, and restarts it', async () => {
    const old = order.pid
    assert.deepEqual(await (await ask('GET', '/processes/order')).json(), { name: 'order', pid: old })
    const answer = await ask('POST', '/processes/order/restart')
    assert.equal(answer.status, 200)
    assert.notEqual(order.pid, old)
    assert.deepEqual(await answer.json(), { name: 'order', pid: order.pid })
  })

  test('restarts also a process that hangs', async () => {
    const old = order.pid
    order.kill('SIGSTOP')
    assert.equal((await ask('POST', '/processes/order/restart')).status, 200)
    await eventually(() => assert.notEqual(order.pid, old))
  })

  test('restarts nothing for whoever has no token, and nothing that it was not given', async () => {
    const old = order.pid
    assert.equal((await ask('POST', '/processes/order/restart', {})).status, 401)
    assert.equal((await ask('POST', '/processes/order/restart', { authorization: 'Bearer wrong' })).status, 401)
    for (const name of ['postgres', 'healer', '..%2forder'])
      assert.equal((await ask('POST', `/processes/${name}/restart`)).status, 404, name)
    assert.equal(order.pid, old)
  })

  test('answers no other name than its own, as a page of a stranger would have it', async () => {
    const headers = { host: 'stranger.example.com', authorization: `Bearer ${token}` }
    const status = await new Promise((resolve, reject) =>
      request(`${url}/processes/order`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end(),
    )
    assert.equal(status, 421)
  })
})
