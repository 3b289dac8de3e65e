import { fileURLToPath } from 'node:url'

export type ServiceName = 'product' | 'inventory' | 'order' | 'gateway' | 'frontend'

export interface ServiceDefinition {
  service: ServiceName
  /** Folder in the checkout, and the entry file in it. */
  folder: string
  entry: string
  port: number
  managementPort: number
  database: boolean
  /** Whether it fills its empty database with the demo's rows when told to. */
  demoRows?: boolean
  /** Environment variable for the address of each service that this one calls. */
  upstreams: Partial<Record<ServiceName, string>>
}

export const checkout = fileURLToPath(new URL('..', import.meta.url))

/** The shop's processes and their ports; what calls comes after what is called. */
export const services: ServiceDefinition[] = [
  {
    service: 'product',
    folder: 'services/product',
    entry: 'src/server.ts',
    port: 8081,
    managementPort: 9181,
    database: true,
    demoRows: true,
    upstreams: {},
  },
  {
    service: 'inventory',
    folder: 'services/inventory',
    entry: 'src/server.ts',
    port: 8082,
    managementPort: 9182,
    database: true,
    demoRows: true,
    upstreams: {},
  },
  {
    service: 'order',
    folder: 'services/order',
    entry: 'src/server.ts',
    port: 8083,
    managementPort: 9183,
    database: true,
    upstreams: { product: 'PRODUCT_SERVICE_URL', inventory: 'INVENTORY_SERVICE_URL' },
  },
  {
    service: 'gateway',
    folder: 'services/gateway',
    entry: 'src/server.ts',
    port: 8080,
    managementPort: 9180,
    database: false,
    upstreams: { product: 'PRODUCT_SERVICE_URL', inventory: 'INVENTORY_SERVICE_URL', order: 'ORDER_SERVICE_URL' },
  },
  {
    service: 'frontend',
    folder: 'frontend',
    entry: 'server/server.ts',
    port: 3001,
    managementPort: 9184,
    database: false,
    upstreams: { gateway: 'GATEWAY_SERVICE_URL' },
  },
]

/** Like all ports of the design below what systems give to outgoing connections. */
export const postgresPort = 15_432
export const signalsPorts = { grpcPort: 4317, httpPort: 4318, apiPort: 4319 }

/** What keeps a service of a few requests a second small (bench/local-start.ts shows the sum). */
export const nodeMemory = {
  flags: ['--max-semi-space-size=4', '--import', new URL('compact-heap.ts', import.meta.url).href],
  env: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' },
}
