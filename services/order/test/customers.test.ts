import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { customerHeader } from '@hello/shop/customer'
import { eventually } from '@hello/test-support/eventually'
import { one, startOrder } from './running-order.ts'

const { app, post } = await startOrder()

const as = (customer?: string) => (customer === undefined ? {} : { [customerHeader]: customer })
/** Orders, again where the machine was too slow for the time budget. */
const order = (customer?: string, key: string = randomUUID()) =>
  eventually(async () => {
    const answer = await post(one, { ...as(customer), 'idempotency-key': key })
    return answer.statusCode !== 503 && answer
  })
const see = (id: string, customer?: string) => app.inject({ url: `/orders/${id}`, headers: as(customer) })
const list = async (customer?: string, query = '') => {
  const answer = await app.inject({ url: `/orders${query}`, headers: as(customer) })
  return answer.json<{ id: string }[]>().map(({ id }) => id)
}

describe('an order of a customer', () => {
  test('is shown to that customer, and to nobody else', async () => {
    const { id } = (await order('alice')).json()
    assert.equal((await see(id, 'alice')).json().id, id)
    const byAnother = await see(id, 'bob')
    assert.equal(byAnother.statusCode, 403)
    assert.match(byAnother.json().type, /order-of-another$/)
    const byNobody = await see(id)
    assert.equal(byNobody.statusCode, 401)
    assert.equal(byNobody.headers['www-authenticate'], 'Bearer')
    for (const name of ['ALICE', 'alice ', 'alic', 'alice,bob'])
      assert.equal((await see(id, name)).statusCode, 403, name)
  })

  test('is in the list of that customer alone, page by page', async () => {
    const mine: string[] = []
    for (let count = 0; count < 5; count++) {
      mine.unshift((await order('carol')).json().id)
      await order('dave')
      await order()
    }
    assert.deepEqual(await list('carol'), mine)
    assert.equal((await list()).filter((id) => mine.includes(id)).length, 0)
    const page = await app.inject({ url: '/orders?limit=2', headers: as('carol') })
    const next = /<\/orders(.*)>/.exec(page.headers.link as string)![1]!
    assert.deepEqual(await list('carol', next), mine.slice(2, 4))
  })

  test('says of whom it is to nobody', async () => {
    assert.ok(!(await order('erin-the-customer')).body.includes('erin'))
  })
})

test('an order of nobody is shown to whoever knows its id', async () => {
  const { id } = (await order()).json()
  for (const customer of [undefined, 'alice']) assert.equal((await see(id, customer)).statusCode, 200)
  assert.ok((await list()).includes(id))
  assert.ok(!(await list('alice')).includes(id))
})

describe('an Idempotency-Key', () => {
  test('is each customer’s own', async () => {
    const [alice, bob, nobody] = [await order('alice', 'key'), await order('bob', 'key'), await order(undefined, 'key')]
    assert.equal(new Set([alice, bob, nobody].map((answer) => answer.json().id)).size, 3)
    for (const [customer, first] of [
      ['alice', alice],
      ['bob', bob],
      [undefined, nobody],
    ] as const) {
      const again = await order(customer, 'key')
      assert.equal(again.json().id, first.json().id)
      assert.equal(again.headers['idempotent-replayed'], 'true')
    }
  })

  test('of nobody cannot be one of a customer', async () => {
    const { id } = (await order('frank', 'k')).json()
    assert.equal((await order(undefined, 'frank k')).statusCode, 400)
    assert.notEqual((await order(undefined, 'frankk')).json().id, id)
  })

  test('makes one order however many calls of the customer come at once', async () => {
    const call = () =>
      eventually(async () => {
        const answer = await order('grace', 'at-once')
        assert.equal(answer.statusCode, 201)
        return answer
      })
    const calls = await Promise.all(Array.from({ length: 10 }, call))
    assert.equal(new Set(calls.map((answer) => answer.json().id)).size, 1)
    assert.equal((await list('grace')).length, 1)
  })
})
