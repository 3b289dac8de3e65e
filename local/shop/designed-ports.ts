/** Like all ports of the design below what systems give to outgoing connections. */
export const postgresPort = 15_432
/** Where the launcher restarts what the healer asks for. */
export const controlPort = 4320
/** Where the program of `make lab` is asked by the page's server, while a lab runs. */
export const labPort = 4322
/** Of the OpenID provider at which the demo's customers sign in. */
export const signInPort = 4323
export const signalsPorts = { grpcPort: 4317, httpPort: 4318, apiPort: 4319 }

/** What each program of the stack listens on, by the name of its file; its usual ports where they are not taken by the above. */
export const stackPorts = {
  prometheus: { http: 9090 },
  alertmanager: { http: 9093 },
  loki: { http: 3100, grpc: 9095 },
  promtail: { http: 3101 },
  'jaeger-all-in-one': { http: 16_686, admin: 14_269, otlpGrpc: 14_317, otlpHttp: 14_318 },
  grafana: { http: 3000 },
  postgres_exporter: { http: 9187 },
  node_exporter: { http: 9100 },
}

export type StackProgramName = keyof typeof stackPorts
