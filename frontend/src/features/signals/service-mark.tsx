/** Hues that stay apart from each other, in OKLCH degrees. */
const hues: Record<string, number> = {
  browser: 330,
  frontend: 285,
  gateway: 250,
  order: 45,
  product: 150,
  inventory: 95,
  PostgreSQL: 210,
}

function hueOf(service: string): number {
  return hues[service] ?? [...service].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 360, 7)
}

/** Sets the colour of a service for the CSS of what it is spread on: `var(--service)`. */
export const serviceColour = (service: string) => ({ '--hue': hueOf(service) }) as React.CSSProperties

/** A service's name with its colour. */
export function ServiceMark({ service }: { service: string }) {
  return (
    <span className="service-mark" style={serviceColour(service)}>
      <span className="service-dot" aria-hidden="true" />
      {service}
    </span>
  )
}
