/** One of the shop's services, as far as anybody but itself has to know it. */
export interface Service {
  /** Its name everywhere: in logs, series, traces, images, releases. */
  name: string
  /** Folder in the checkout, and the file in it that is run. */
  folder: string
  entry: string
  /** The API's port, in a pod and on this machine. */
  port: number
  /** The management port on this machine; in a pod it is the same for all. */
  managementPort: number
  /** Whether it owns a database, which is called like the service. */
  database: boolean
  /** Whether it fills its empty database with the demo's rows when told to. */
  demoRows: boolean
  /** Services that it calls; it finds each in the environment (`addressVariable`). */
  upstreams: readonly string[]
}

/**
 * The shop, what calls after what is called: the one list of services. The launcher, tests, monitoring and port-forwards are
 * made from it; what cannot be is held against it (test/agreement.test.ts).
 */
export const services = [
  {
    name: 'product',
    folder: 'services/product',
    entry: 'src/server.ts',
    port: 8081,
    managementPort: 9181,
    database: true,
    demoRows: true,
    upstreams: [],
  },
  {
    name: 'inventory',
    folder: 'services/inventory',
    entry: 'src/server.ts',
    port: 8082,
    managementPort: 9182,
    database: true,
    demoRows: true,
    upstreams: [],
  },
  {
    name: 'order',
    folder: 'services/order',
    entry: 'src/server.ts',
    port: 8083,
    managementPort: 9183,
    database: true,
    demoRows: false,
    upstreams: ['product', 'inventory'],
  },
  {
    name: 'gateway',
    folder: 'services/gateway',
    entry: 'src/server.ts',
    port: 8080,
    managementPort: 9180,
    database: false,
    demoRows: false,
    upstreams: ['product', 'inventory', 'order'],
  },
  {
    name: 'frontend',
    folder: 'frontend',
    entry: 'server/server.ts',
    port: 3001,
    managementPort: 9184,
    database: false,
    demoRows: false,
    upstreams: ['gateway'],
  },
] as const satisfies Service[]

export type ServiceName = (typeof services)[number]['name']

/**
 * What acts on the shop and is no part of it: started only where somebody asks for it, and waited for by nobody. The shop's
 * rules, panels and tests are made from the list above and hold without these.
 */
export const operators = [
  {
    name: 'healer',
    folder: 'services/healer',
    entry: 'src/server.ts',
    port: 8090,
    managementPort: 9190,
    database: false,
    demoRows: false,
    upstreams: ['gateway'],
  },
] as const satisfies Service[]

export type OperatorName = (typeof operators)[number]['name']

/** The environment variable by which a service learns where another one is. */
export const addressVariable = (service: string) => `${service.toUpperCase().replaceAll('-', '_')}_SERVICE_URL`
