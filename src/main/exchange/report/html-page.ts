import { escapeHtml } from './escape-html.ts';

/** Screen and paper; nothing comes from a network. */
const style = `:root { color-scheme: light; --line: #c8c8c8; --quiet: #5a5a5a; --accent: #0f5a9c; }
* { box-sizing: border-box; }
body { font: 14px/1.45 'Segoe UI', system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 1040px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
h3 { font-size: 15px; margin: 20px 0 6px; }
p.about, .quiet { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; margin: 6px 0 14px; table-layout: fixed; }
th, td { border: 1px solid var(--line); padding: 4px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line; }
th { background: #f2f4f7; font-weight: 600; } th:first-child { width: 38%; }
tr.own td { font-weight: 600; } tr.own td:first-child::before { content: '\\25CF  '; color: var(--accent); }
.added { background: #e4f5e4; } .removed { background: #fbe5e5; } .changed, .renamed, .moved { background: #fdf5d9; } .conflict { background: #f9d3d3; outline: 2px solid #b00020; outline-offset: -2px; }
.state { font-size: 12px; font-weight: 600; text-transform: uppercase; letter-spacing: .03em; padding: 1px 6px; border-radius: 3px; margin-left: 8px; }
svg { width: 100%; height: auto; border: 1px solid var(--line); margin: 8px 0; }
svg text { font: 12px 'Segoe UI', system-ui, sans-serif; fill: #1b1b1b; } svg .small { font-size: 10.5px; fill: #5a5a5a; }
nav ul { columns: 2; padding-left: 18px; } a { color: var(--accent); }
@media print { body { padding: 0; max-width: none; font-size: 11px; } nav { display: none; } h2 { break-after: avoid; } tr, svg { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
`;

/** One document that opens without a network and runs nothing. `body` is HTML already. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
