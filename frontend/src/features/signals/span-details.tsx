import type { Attributes, AttributeValue, JudgedSpan } from '@hello/signals-api/span'
import { Link } from 'react-router'
import { ServiceMark } from './service-mark.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const written = (value: AttributeValue) => (Array.isArray(value) ? value.join(', ') : String(value))
const blocks = ['db.query.text', 'exception.stacktrace']
/** SQL comes with the indentation of the source it stood in. */
const blockText = (name: string, value: AttributeValue) =>
  name === 'db.query.text' ? written(value).replace(/\n\s+/g, '\n') : written(value)

/** All that a span says. */
export function SpanDetails({ span, traceStart }: { span: JudgedSpan; traceStart: number }) {
  const { t, duration } = useSignalsLanguage()
  return (
    <div className="row-details">
      {span.statusMessage && (
        <p className="notice" data-kind="error">
          {span.statusMessage}
        </p>
      )}
      <section>
        <h3>{t.traceView.facts}</h3>
        <dl className="attributes">
          <Pair name={t.service}>
            <ServiceMark service={span.service} />
          </Pair>
          <Pair name={t.traceView.started}>{t.traceView.at(duration(span.start - traceStart))}</Pair>
          <Pair name={t.traceView.duration}>{duration(span.duration)}</Pair>
          <Pair name={t.traceView.kindName}>{t.traceView.kind[span.kind]}</Pair>
          <Pair name={t.traceView.spanId}>{span.spanId}</Pair>
          <Pair name={t.traceView.scope}>{span.scope}</Pair>
        </dl>
      </section>
      {Object.keys(span.attributes).length > 0 && (
        <section>
          <h3>{t.traceView.attributes}</h3>
          <AttributeList attributes={span.attributes} />
        </section>
      )}
      {span.events.length > 0 && (
        <section>
          <h3>{t.traceView.events}</h3>
          {span.events.map((event) => (
            <div key={`${event.name} ${event.time}`} className="span-event">
              <p>
                <strong>{event.name}</strong>{' '}
                <span className="muted">{t.traceView.at(duration(Math.max(0, event.time - traceStart)))}</span>
              </p>
              <AttributeList attributes={event.attributes} />
            </div>
          ))}
        </section>
      )}
      {span.links.length > 0 && (
        <section>
          <h3>{t.traceView.links}</h3>
          {span.links.map((link) => (
            <div key={`${link.traceId} ${link.spanId}`} className="span-event">
              <Link to={`/signals/traces/${link.traceId}?open=${link.spanId}`}>
                <code>{link.traceId}</code>
              </Link>
              <AttributeList attributes={link.attributes} />
            </div>
          ))}
        </section>
      )}
    </div>
  )
}

function AttributeList({ attributes }: { attributes: Attributes }) {
  const entries = Object.entries(attributes).sort(([one], [other]) => one.localeCompare(other))
  return (
    <>
      <dl className="attributes">
        {entries
          .filter(([name]) => !blocks.includes(name))
          .map(([name, value]) => (
            <Pair key={name} name={name}>
              {written(value)}
            </Pair>
          ))}
      </dl>
      {entries
        .filter(([name]) => blocks.includes(name))
        .map(([name, value]) => (
          <pre key={name}>{blockText(name, value)}</pre>
        ))}
    </>
  )
}

function Pair({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
