import { type CSSProperties, memo } from 'react'

const WIDTH = 320
const HEIGHT = 150
const RIDGES = 11
const POINTS = 110

/** A product's picture: a ridgeline plot of signals, always the same for the same id. Decorative. */
export const ProductArt = memo(function ProductArt({ id }: { id: string }) {
  const random = randomFrom(id)
  const hue = Math.round(random() * 360)
  const peak = { at: 0.3 + random() * 0.4, width: 0.1 + random() * 0.12, sway: random() * 2 * Math.PI }
  return (
    <svg
      className="product-art"
      style={{ '--hue': hue } as CSSProperties}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {Array.from({ length: RIDGES }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ridges never change
        <path key={row} d={ridge(row, peak, random)} />
      ))}
    </svg>
  )
})

type Peak = { at: number; width: number; sway: number }

/** One line from edge to edge that swings widest around the peak; positions are 0 to 1 across the picture. */
function ridge(row: number, peak: Peak, random: () => number): string {
  const base = 50 + row * ((HEIGHT - 58) / (RIDGES - 1))
  const centre = peak.at + 0.07 * Math.sin(peak.sway + row * 0.7)
  const waves = Array.from({ length: 6 }, (_, n) => ({
    frequency: (n + 2) * (2.5 + random() * 2),
    phase: random() * 2 * Math.PI,
    height: (0.6 + random()) / (n + 2),
  }))
  const points = Array.from({ length: POINTS + 1 }, (_, point) => {
    const x = point / POINTS
    const envelope = Math.exp(-(((x - centre) / peak.width) ** 2))
    const swing = waves.reduce(
      (sum, { frequency, phase, height }) => sum + height * Math.sin(frequency * x * 4 + phase),
      0,
    )
    const y = base - Math.tanh(Math.abs(swing + 0.35)) * (46 * envelope + 1)
    return `${(x * WIDTH).toFixed(1)} ${y.toFixed(1)}`
  })
  return `M${points.join('L')}`
}

/** The mulberry32 generator, seeded with the FNV-1a hash of the text; numbers from 0 to 1. */
function randomFrom(text: string): () => number {
  let state = 0x811c9dc5
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
