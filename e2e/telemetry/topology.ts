import { services as all } from '@hello/shop/services'

/** The services that a browser's call can reach, through others: what nobody calls yet is in no order's trace. */
const reached = new Set<string>(['frontend'])
for (const { name, upstreams } of all.toReversed()) if (reached.has(name)) for (const one of upstreams) reached.add(one)

/** Each of them and whom it calls: each must send all signals, and each call must show in a trace. */
export const services = all
  .filter(({ name }) => reached.has(name))
  .map(({ name, upstreams, database }) => ({
    service: name,
    calls: [...upstreams, ...(database ? ['PostgreSQL'] : [])],
  }))

/** The histogram of every service's requests. */
export const requestDuration = 'http_server_request_duration_seconds'
