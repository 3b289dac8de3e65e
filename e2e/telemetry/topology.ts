import { services as all } from '@hello/shop/services'

/** Every service and whom it calls: each must send all signals, and each call must show in a trace. */
export const services = all.map(({ name, upstreams, database }) => ({
  service: name,
  calls: [...upstreams, ...(database ? ['PostgreSQL'] : [])],
}))

/** The histogram of every service's requests. */
export const requestDuration = 'http_server_request_duration_seconds'
