/** Every service and whom it calls: each must send all signals, and each call must show in a trace. */
export const services = [
  { service: 'frontend', calls: ['gateway'] },
  { service: 'gateway', calls: ['order', 'product', 'inventory'] },
  { service: 'order', calls: ['product', 'inventory', 'PostgreSQL'] },
  { service: 'product', calls: ['PostgreSQL'] },
  { service: 'inventory', calls: ['PostgreSQL'] },
]

/** The histogram of every service's requests. */
export const requestDuration = 'http_server_request_duration_seconds'
