import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useId, useLayoutEffect, useRef, useState } from 'react';

const useStyles = makeStyles({
  figure: { margin: 0, display: 'flex', flexDirection: 'column', gap: '4px', minWidth: 0 },
  caption: { display: 'flex', gap: '0 12px', flexWrap: 'wrap', color: tokens.colorNeutralForeground2 },
  // The keys below it, in a narrow chart as in a wide one.
  title: { flexBasis: '100%', color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  key: { display: 'inline-flex', alignItems: 'center', gap: '4px' },
  plot: { width: '100%', height: '120px', display: 'block', forcedColorAdjust: 'auto' },
  grid: { stroke: tokens.colorNeutralStroke2, strokeWidth: '1px' },
  text: { fill: tokens.colorNeutralForeground2, fontSize: '10px' },
  accent: { color: 'var(--iconAccent)' },
  warning: { color: 'var(--iconWarning)' },
  good: { color: 'var(--iconGood)' },
  danger: { color: 'var(--iconDanger)' },
});

export interface ChartPoint {
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly value: number;
}

export interface ChartSeries {
  readonly name: string;
  readonly tone: 'accent' | 'warning' | 'good' | 'danger';
  readonly points: readonly ChartPoint[];
}

export interface LineChartProps {
  readonly label: string;
  readonly series: readonly ChartSeries[];
  readonly from: number;
  readonly to: number;
  /** Behind each value: `ms`. */
  readonly unit?: string;
}

const usualWidth = 480;
const height = 120;
const left = 52;
const bottom = 16;
const top = 6;
/** Series differ by their dashes too: colour is never alone. */
const dashes = ['', '5 3', '1 3'];

const clockOf = (at: number): string => new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short' });

/** Values over time; what it shows is also said in words for who cannot see it. */
export function LineChart({ label, series, from, to, unit = '' }: LineChartProps) {
  const styles = useStyles();
  const title = useId();
  const figure = useRef<HTMLElement>(null);
  // Drawn in real pixels: a drawing that is scaled down takes its words along, and nobody can read them.
  const [width, setWidth] = useState(usualWidth);
  useLayoutEffect(() => {
    const element = figure.current;
    if (element === null) return undefined;
    const measure = (): void => setWidth(Math.max(left * 2, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const highest = niceCeiling(
    Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value))),
  );
  const x = (at: number): number => left + ((at - from) / Math.max(1, to - from)) * (width - left - 4);
  const y = (value: number): number => top + (1 - value / highest) * (height - bottom - top);
  const latest = ({ name, points }: ChartSeries): string =>
    `${name}: ${points.length === 0 ? 'none' : `${points.at(-1)?.value ?? 0} ${unit}`.trim()}`;
  return (
    <figure ref={figure} className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{label}</span>
        {series.map((line, index) => (
          <span key={line.name} className={styles.key}>
            <svg width="18" height="8" aria-hidden className={styles[line.tone]}>
              <path d="M0 4h18" stroke="currentColor" strokeWidth="2" strokeDasharray={dashes[index]} />
            </svg>
            {latest(line)}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} className={styles.plot} role="img" aria-labelledby={title}>
        <title
          id={title}
        >{`${label}. ${series.map(latest).join(', ')}. Highest value of the scale: ${highest}`}</title>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <path d={`M${left} ${y(highest * share)}H${width - 4}`} className={styles.grid} />
            <text x={left - 6} y={y(highest * share) + 3} textAnchor="end" className={styles.text}>
              {`${highest * share}${unit === '' ? '' : ` ${unit}`}`}
            </text>
          </g>
        ))}
        <text x={left} y={height - 3} className={styles.text}>
          {clockOf(from)}
        </text>
        <text x={width - 4} y={height - 3} textAnchor="end" className={styles.text}>
          {clockOf(to)}
        </text>
        {series.map(({ name, tone, points }, index) => {
          const path = points.map(
            ({ at, value }, point) => `${point === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`,
          );
          return (
            <g key={name} className={mergeClasses(styles[tone])} color="currentColor">
              <path
                d={path.join('')}
                fill="none"
                stroke="currentColor"
                strokeWidth={1.6}
                strokeLinejoin="round"
                strokeDasharray={dashes[index]}
              />
              {points.length === 1 && points[0] !== undefined ? (
                <circle cx={x(points[0].at)} cy={y(points[0].value)} r={2.5} fill="currentColor" />
              ) : null}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

/** The next of 1, 2, 5, 10, 20, 50 ... so that half of it is readable too. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return Math.max(2, step * power);
}
