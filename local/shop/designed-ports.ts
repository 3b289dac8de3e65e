/** Like all ports of the design below what systems give to outgoing connections. */
export const postgresPort = 15_432
export const signalsPorts = { grpcPort: 4317, httpPort: 4318, apiPort: 4319 }
