/**
 * The one family of drawn icons: 16 by 16, two tones. `fill` is the body, `line` is drawn over it.
 * States differ by shape, so that colour is never alone in saying something.
 */
export interface IconDrawing {
  readonly fill?: string;
  readonly line?: string;
  readonly tone: 'neutral' | 'accent' | 'folder' | 'good' | 'warning' | 'danger' | 'quiet';
}

export const iconPaths = {
  console: { fill: 'M1 2h14v9H1z', line: 'M1.5 2.5h13v8h-13zM5 14h6M8 11v3', tone: 'accent' },
  carillon: {
    fill: 'M8 3.5c-2.2 0-3.2 1.7-3.2 3.7 0 2-.6 3-1.5 3.8h9.4c-.9-.8-1.5-1.8-1.5-3.8 0-2-1-3.7-3.2-3.7z',
    line: 'M2 1.5h12M8 1.5v2M6.7 13.2h2.6',
    tone: 'accent',
  },
  folder: { fill: 'M1 3h5l1.5 2H15v8H1z', line: 'M1.5 3.5h4.3l1.5 2h7.2v7h-13z', tone: 'folder' },
  agents: {
    fill: 'M1 2h6v5H1zM9 9h6v5H9z',
    line: 'M1.5 2.5h5v4h-5zM9.5 9.5h5v4h-5zM4 7v4.5h5',
    tone: 'accent',
  },
  agent: { fill: 'M2 3h12v10H2z', line: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M5 9.5h6', tone: 'accent' },
  directory: {
    fill: 'M3 3c0-1.5 10-1.5 10 0v10c0 1.5-10 1.5-10 0z',
    line: 'M3 3.2c0-1.8 10-1.8 10 0v9.6c0 1.8-10 1.8-10 0zM3 3.2c0 1.8 10 1.8 10 0M3 8c0 1.8 10 1.8 10 0',
    tone: 'accent',
  },
  operations: { fill: 'M2 2h12v12H2z', line: 'M2.5 2.5h11v11h-11zM5 6h6M5 8.5h6M5 11h3.5', tone: 'neutral' },
  person: {
    fill: 'M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 14c0-3.5 2.4-5 5.5-5s5.5 1.5 5.5 5z',
    tone: 'accent',
  },
  people: {
    fill: 'M6 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1 13c0-3 2-4.5 5-4.5S11 10 11 13z',
    line: 'M10.5 3.2a2.3 2.3 0 0 1 0 4.1M12 9c2 .5 3 1.8 3 4',
    tone: 'accent',
  },
  sync: {
    line: 'M2.5 8a5.5 5.5 0 0 1 9.6-3.6L13.5 6M13.5 2.5V6H10M13.5 8a5.5 5.5 0 0 1-9.6 3.6L2.5 10M2.5 13.5V10H6',
    tone: 'accent',
  },
  live: { line: 'M1 8h3l2-5 3 10 2-5h4', tone: 'good' },
  queue: {
    fill: 'M2 2h12v3H2zM2 6.5h12v3H2zM2 11h8v3H2z',
    line: 'M2.5 2.5h11v2h-11zM2.5 7h11v2h-11zM2.5 11.5h7v2h-7z',
    tone: 'folder',
  },
  history: { line: 'M8 2.5a5.5 5.5 0 1 1-5.3 4M2 3v3.5h3.5M8 5v3.5l2.5 1.5', tone: 'neutral' },
  trace: {
    line: 'M3 3h4v4h6v6M3 3m-1.5 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M13 13m-1.5 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0',
    tone: 'accent',
  },
  server: { fill: 'M3 1h10v14H3z', line: 'M3.5 1.5h9v13h-9zM5.5 4h5M5.5 6.5h5M8 11.5v.5', tone: 'neutral' },
  servers: {
    fill: 'M1 3h7v11H1zM9 1h6v13H9z',
    line: 'M1.5 3.5h6v10h-6zM9.5 1.5h5v12h-5zM3 6h3M11 4h2',
    tone: 'neutral',
  },
  controller: {
    fill: 'M3 1h10v14H3z',
    line: 'M3.5 1.5h9v13h-9zM5.5 4h5M8 7.5l2.5 1v2.2L8 12.5l-2.5-1.8V8.5z',
    tone: 'accent',
  },
  events: { fill: 'M3 1h10v14H3z', line: 'M3.5 1.5h9v13h-9zM5.5 4.5h5M5.5 7h5M5.5 9.5h3', tone: 'quiet' },
  explain: {
    line: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM6.3 6.3c.2-2.2 3.6-2 3.4.1-.1 1.2-1.7 1.3-1.7 2.8M8 11v.6',
    tone: 'accent',
  },
  system: {
    line: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.5V4M8 12v2.5M1.5 8H4M12 8h2.5M3.4 3.4l1.8 1.8M10.8 10.8l1.8 1.8M3.4 12.6l1.8-1.8M10.8 5.2l1.8-1.8',
    tone: 'neutral',
  },
  key: {
    line: 'M5.5 10.5m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0M7.7 8.3L13.5 2.5M11 5l2 2M13 3l1.5 1.5',
    tone: 'folder',
  },
  search: { line: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3L14 14', tone: 'accent' },
  joiner: {
    line: 'M6.5 9.5l3-3M7 5l1.8-1.8a3 3 0 0 1 4.2 4.2L11 9M9 11l-1.8 1.8A3 3 0 0 1 3 8.600L5 7',
    tone: 'accent',
  },
  application: {
    fill: 'M1 2h14v12H1z',
    line: 'M1.5 2.5h13v11h-13zM1.5 5.5h13M4 8.500h8M4 11h5',
    tone: 'accent',
  },
  good: { fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', line: 'M4.8 8.300l2.2 2.2 4.2-4.6', tone: 'good' },
  waiting: { fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', line: 'M8 4.500V8l2.5 1.5', tone: 'quiet' },
  working: { line: 'M8 2a6 6 0 1 1-5.7 4.2', tone: 'accent' },
  warning: { fill: 'M8 1.500L15 14.500H1z', line: 'M8 6v4M8 12v.600', tone: 'warning' },
  danger: {
    fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z',
    line: 'M5.3 5.300l5.4 5.400M10.7 5.300l-5.4 5.4',
    tone: 'danger',
  },
  stopped: { fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', line: 'M5.5 5.500h5v5h-5z', tone: 'quiet' },
  parked: { fill: 'M2 1h12v14H2z', line: 'M6 12V4.500h2.500a2.2 2.2 0 0 1 0 4.500H6', tone: 'warning' },
  superseded: {
    fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z',
    line: 'M5 5l3 3-3 3M8.5 5l3 3-3 3',
    tone: 'quiet',
  },
  shadow: {
    fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z',
    line: 'M8 4v8a4 4 0 0 0 0-8z',
    tone: 'quiet',
  },
  information: {
    fill: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z',
    line: 'M8 7.200V11.500M8 4.500v.600',
    tone: 'accent',
  },
  refresh: { line: 'M13 8a5 5 0 1 1-1.5-3.600L13 6M13 2.500V6H9.5', tone: 'neutral' },
  properties: {
    fill: 'M2 1h12v14H2z',
    line: 'M2.5 1.500h11v13h-11zM5 5l1 1 2-2M10 5h2M5 10l1 1 2-2M10 10h2',
    tone: 'neutral',
  },
  help: {
    line: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.5 6.500c0-2 3-2 3 0 0 1.2-1.5 1.3-1.5 2.700M8 11.200v.600',
    tone: 'accent',
  },
  run: { fill: 'M4 2.500v11l9-5.500z', tone: 'good' },
  stop: { fill: 'M3.5 3.500h9v9h-9z', tone: 'danger' },
  export: { line: 'M2.5 9.500v4h11v-4M8 10.500v-8M5 5.500l3-3 3 3', tone: 'neutral' },
  columns: { line: 'M2.5 2.500h11v11h-11zM6.2 2.500v11M9.9 2.500v11', tone: 'neutral' },
  tree: {
    line: 'M2.5 2.500h4v3h-4zM9.5 6.500h4v3h-4zM9.5 11h4v3h-4zM4.5 5.500V12.500h5M4.5 8h5',
    tone: 'neutral',
  },
  panes: { line: 'M1.5 2.500h13v11h-13zM10 2.500v11', tone: 'neutral' },
  remove: { line: 'M3 3l10 10M13 3L3 13', tone: 'danger' },
  add: { line: 'M8 2.500v11M2.5 8h11', tone: 'good' },
  back: { line: 'M13.5 8h-11M7 3.500L2.500 8 7 12.500', tone: 'accent' },
  forward: { line: 'M2.5 8h11M9 3.500l4.500 4.500L9 12.500', tone: 'accent' },
  up: {
    fill: 'M1 5h14v9H1z',
    line: 'M1.500 13.500v-9h13v9zM8 11.500v-5M5.500 8.500L8 6l2.500 2.500',
    tone: 'folder',
  },
  chevron: { line: 'M6 4l4 4-4 4', tone: 'neutral' },
} as const satisfies Record<string, IconDrawing>;

export type IconName = keyof typeof iconPaths;
