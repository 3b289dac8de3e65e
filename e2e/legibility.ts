import type { Page } from 'playwright-core'

/**
 * What cannot be read on the page as it is now, in sentences: numbers that go over two lines, words that are cut off at the
 * edge of their box, of what scrolls sideways, or of the window.
 */
export const illegible = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = []
    const number = /[+−-]?(US)?\$?\d[\d.,:]*(\s?(µs|ms|s|%)|\/s|\/초|분|개|행|초)?(?![\w-])/g
    const named = (element: Element) => `<${element.localName} class="${element.getAttribute('class') ?? ''}">`
    const shown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .skip-link')

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement!
      // Ids, and text that somebody else wrote, break where they must.
      if (!shown(element) || element.closest('code, pre, dd, h3, .log-text, .row-title, .order-name, .notice')) continue
      for (const match of node.nodeValue!.matchAll(number)) {
        const range = document.createRange()
        range.setStart(node, match.index)
        range.setEnd(node, match.index + match[0].length)
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lines.size > 1) faults.push(`${named(element)} has "${match[0]}" over ${lines.size} lines`)
      }
    }
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (!shown(element) || element.closest('svg')) continue
      const { overflowX } = getComputedStyle(element)
      const scrolls = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1
      if (scrolls && element.localName !== 'input') {
        faults.push(`${named(element)} cuts off "${element.textContent?.slice(0, 60)}"`)
      }
    }
    for (const text of document.querySelectorAll<SVGTextElement>('svg text')) {
      const [inner, outer] = [text.getBoundingClientRect(), text.closest('svg')!.getBoundingClientRect()]
      if (inner.left < outer.left - 1 || inner.right > outer.right + 1)
        faults.push(`the map cuts off "${text.textContent}"`)
    }
    const { scrollWidth } = document.documentElement
    if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth} pixels wide in a window of ${innerWidth}`)
    return faults
  })
