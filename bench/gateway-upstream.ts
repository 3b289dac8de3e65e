import { createServer } from 'node:http'

/** What GET /products of a fresh shop answers, from memory: the upstream must not be what limits a proxy. */
const body = JSON.stringify([
  { id: 'product1', name: 'Product 1', price: 10.99 },
  { id: 'product2', name: 'Product 2', price: 29.99 },
  { id: 'product3', name: 'Product 3', price: 5.49 },
])

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
  response.end(body)
}).listen(Number(process.env.PORT), '127.0.0.1')
