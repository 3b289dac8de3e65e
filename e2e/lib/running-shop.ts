/** Where the running shop is that the tests are for: by default, that of `make local`. */
export const gateway = process.env.GATEWAY_URL ?? 'http://localhost:8080'
export const frontend = process.env.FRONTEND_URL ?? 'http://localhost:3001'
