import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Dispatcher, Pool } from 'undici'
import { type Consumption, consumptionOf } from './consumption.ts'

export const productCount = 1000
export const clients = 32

/** What the process that runs a shop tells. */
export interface ReadyShop {
  /** Of the gateway. */
  url: string
  pids: Record<string, number>
}

/** What is asked of the gateway over and over. */
export interface Load {
  name: string
  ask(gateway: Pool): Promise<unknown>
}

/** An order may also be PENDING, on a machine that does more than this. */
async function succeed(answer: Promise<Dispatcher.ResponseData>) {
  const { statusCode, body } = await answer
  const text = await body.text()
  if (statusCode >= 300) throw new Error(`answered ${statusCode}: ${text}`)
}

const anyProduct = () => `bench-${Math.floor(Math.random() * productCount)}`

const order = (gateway: Pool, productId: string) =>
  succeed(
    gateway.request({
      method: 'POST',
      path: '/api/orders',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ productId, quantity: 1 }),
    }),
  )

export const loads: Load[] = [
  { name: 'an order, of one of 1,000 products', ask: (gateway) => order(gateway, anyProduct()) },
  { name: 'an order, always of the same product', ask: (gateway) => order(gateway, 'bench-0') },
  {
    name: 'a GET of a product',
    ask: (gateway) => succeed(gateway.request({ method: 'GET', path: `/api/products/${anyProduct()}` })),
  },
]

/** By process, what one request took. */
export type Cost = Map<string, Consumption>

export interface Measured {
  cost: Cost
  perSecond: number
  /** Of one request, in milliseconds. */
  latencies: number[]
}

/** A shop in a process of its own. */
export interface MeasuredShop {
  /** Puts a load on it by so many clients at once, each of which asks again when it is answered. */
  measure(load: Load, seconds: number, clients: number): Promise<Measured>
  stop(): Promise<void>
}

function subtract(after: Consumption, before: Consumption, requests: number): Consumption {
  return {
    cpu: (after.cpu - before.cpu) / requests,
    wakeUps: (after.wakeUps - before.wakeUps) / requests,
    calls: (after.calls - before.calls) / requests,
  }
}

/** Starts the shop of a checkout. */
export async function startMeasuredShop(checkout: string, signals: boolean): Promise<MeasuredShop> {
  const child: ChildProcess = fork(new URL('shop.ts', import.meta.url), [checkout, String(signals)])
  const exit = once(child, 'exit')
  const ready = await Promise.race([once(child, 'message'), exit.then(() => undefined)])
  if (!ready) throw new Error(`the shop of ${checkout} did not start`)
  const { url, pids } = ready[0] as ReadyShop
  const gateway = new Pool(url, { connections: clients })

  function consumed(): Cost {
    const services = Object.entries(pids).map(([name, pid]) => [name, consumptionOf(pid, true)] as const)
    return new Map([
      ...services,
      ...(signals ? [['launcher, with receiver', consumptionOf(child.pid!, false)] as const] : []),
      ['client', consumptionOf(process.pid, false)],
    ])
  }

  return {
    async measure(load, seconds, clients) {
      const latencies: number[] = []
      const before = consumed()
      const began = performance.now()
      const end = began + seconds * 1000
      await Promise.all(
        Array.from({ length: clients }, async () => {
          for (let asked = began; asked < end; ) {
            await load.ask(gateway)
            const answered = performance.now()
            latencies.push(answered - asked)
            asked = answered
          }
        }),
      )
      const elapsed = performance.now() - began
      const cost = new Map(
        [...consumed()].map(([name, after]) => [name, subtract(after, before.get(name)!, latencies.length)]),
      )
      return { cost, perSecond: (latencies.length * 1000) / elapsed, latencies }
    },
    async stop() {
      await gateway.close()
      child.disconnect()
      await exit
    },
  }
}
