import { type RefObject, useLayoutEffect, useState } from 'react'

/** The width of an element's content, in pixels, as it is now. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const measured = element.current!
    setWidth(measured.clientWidth)
    const resized = new ResizeObserver(() => setWidth(measured.clientWidth))
    resized.observe(measured)
    return () => resized.disconnect()
  }, [element])
  return width
}
