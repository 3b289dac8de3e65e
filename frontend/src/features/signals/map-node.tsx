import type { MapNode } from '@hello/signals-api/service'
import { Link } from 'react-router'
import { NODE_HEIGHT, NODE_WIDTH } from './map-layout.ts'
import { serviceColour } from './service-mark.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

type Props = {
  node: MapNode
  left: number
  top: number
  minutes: number
  /** Milliseconds since it answered last, null when it never has; undefined while it answers. */
  silence: number | null | undefined
}

/** A box of the service map, which leads to the traces of what it stands for. */
export function MapNodeBox({ node, left, top, minutes, silence }: Props) {
  const { t, rate, duration } = useSignalsLanguage()
  const perSecond = (value: number) => t.metricsView.perSecond(rate(value))
  const failing = node.errorRate > 0
  const down = silence !== undefined
  const line = failing || down ? 25 : 34
  const figures =
    node.kind === 'external'
      ? t.mapView.external
      : `${perSecond(node.rate)}${node.p95 === null ? '' : ` · p95 ${duration(node.p95)}`}`
  const trouble = down
    ? `${t.metricsView.down}${silence === null ? '' : ` · ${duration(Math.max(0, silence) * 1000)}`}`
    : `${t.mapView.errors} ${perSecond(node.errorRate)}`
  const whose = node.kind === 'service' ? { service: node.name } : { callee: node.name }
  return (
    <g className="node" data-kind={node.kind} data-failing={failing} data-down={down} style={serviceColour(node.name)}>
      <Link to={`/signals/traces?${new URLSearchParams({ ...whose, minutes: String(minutes) })}`}>
        <g transform={`translate(${left} ${top})`}>
          <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx="14" />
          <circle cx="20" cy={line - 5} r="5" />
          <text x="34" y={line} className="node-name">
            {node.name}{' '}
          </text>
          <text x="20" y={line + 22} className="node-figures">
            {figures}
          </text>
          {(failing || down) && (
            <text x="20" y={line + 41} className="node-errors">
              {' '}
              {trouble}
            </text>
          )}
        </g>
      </Link>
    </g>
  )
}
