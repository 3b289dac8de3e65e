import { createServer } from 'node:http'

/**
 * What GET and POST /products of a fresh shop answer, from memory, once the request has come to its end: the upstream must not
 * be what limits a proxy.
 */
const products = JSON.stringify([
  { id: 'product1', name: 'Product 1', price: 10.99 },
  { id: 'product2', name: 'Product 2', price: 29.99 },
  { id: 'product3', name: 'Product 3', price: 5.49 },
])
const product = JSON.stringify({ id: 'product4', name: 'Product 4', price: 10.99 })

createServer((request, response) => {
  const [status, body] = request.method === 'POST' ? [201, product] : [200, products]
  request.resume().once('end', () => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
    response.end(body)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
