import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positive, refusal } from '../lib/target.ts'

for (const url of ['http://localhost:8080', 'http://127.0.0.1:8080/', 'https://[::1]:443', 'http://LOCALHOST'])
  test(`${url} is this machine`, () => assert.equal(refusal(url, undefined), undefined))

for (const url of [
  'http://shop.example:8080',
  'http://127.0.0.1.shop.example',
  'http://localhost.shop.example',
  'http://10.0.0.1',
  'http://[2001:db8::1]:8080',
])
  test(`${url} is not, and is refused by name`, () =>
    assert.match(refusal(url, undefined)!, /is not this machine\. .*ALLOW_HOST=/))

test('the host that is named may be loaded, and no other', () => {
  assert.equal(refusal('https://Shop.example', 'shop.example'), undefined)
  assert.match(refusal('https://shop.example', 'other.example')!, /ALLOW_HOST=shop\.example/)
})

for (const url of ['', 'localhost:8080', 'http://localhost@shop.example', 'http://localhost:8080/path', 'file:///etc'])
  test(`"${url}" is no address, whatever is allowed`, () =>
    assert.match(refusal(url, 'localhost')!, /GATEWAY_URL is .*: give an address like/))

test('a scale is a number above 0, and 1 where none is given', () => {
  assert.equal(positive('TIME_SCALE', undefined), 1)
  assert.equal(positive('TIME_SCALE', '0.25'), 0.25)
  for (const text of ['', '0', '-1', 'x', 'Infinity'])
    assert.throws(() => positive('TIME_SCALE', text), /TIME_SCALE is .*: give a number above 0/)
})
