import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// No guess at the machine's speed, only an end for what never comes; vite.config.ts has that of a whole test.
configure({ asyncUtilTimeout: 10_000 })

// jsdom has no modal dialogs: open it, which is all the tests of the app look at.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}

// jsdom has no media queries; uPlot follows the pixel ratio by one.
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList

afterEach(() => {
  cleanup()
  localStorage.clear()
  sessionStorage.clear()
})
