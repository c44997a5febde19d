import { escapeHtml } from './escape-html.ts';

/** Screen and paper; nothing comes from a network. */
const style = `:root { color-scheme: light; --line: #d4d7dc; --quiet: #565b62; --accent: #0f5a9c; --head: #f3f5f8; }
* { box-sizing: border-box; }
body { font: 14px/1.5 'Segoe UI', system-ui, sans-serif; color: #1b1d20; background: #fff; max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 10px; border-bottom: 2px solid var(--accent); padding-bottom: 4px; overflow-wrap: anywhere; }
h3 { font-size: 15px; margin: 20px 0 6px; overflow-wrap: anywhere; }
p.about { margin: 0 0 16px; overflow-wrap: anywhere; } p.about, .quiet { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; margin: 6px 0 14px; table-layout: fixed; }
th, td { border: solid var(--line); border-width: 1px 0; padding: 5px 10px; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line; }
th { background: var(--head); font-weight: 600; } th:first-child { width: 38%; }
tr.own td { font-weight: 600; background: #f5f9fd; } tr.own td:first-child { box-shadow: inset 3px 0 var(--accent); }
tr.own .quiet { font-weight: 400; }
.added { background: #e4f5e4; } .removed { background: #fbe5e5; } .changed, .renamed, .moved { background: #fdf5d9; } .conflict { background: #f9d3d3; outline: 2px solid #b00020; outline-offset: -2px; }
.state { font-size: 12px; font-weight: 600; text-transform: uppercase; letter-spacing: .03em; padding: 1px 6px; border-radius: 3px; margin-left: 8px; }
svg { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; }
svg text { font: 12.5px 'Segoe UI', system-ui, sans-serif; fill: #1b1d20; } svg .name { font-weight: 600; } svg .small { font-size: 11px; fill: #565b62; }
svg .box { fill: #f2f6fb; stroke: #0f5a9c; stroke-width: 1.2; } svg .box.quiet { fill: #fafafa; stroke: #9a9a9a; stroke-dasharray: 4 3; }
svg .way { fill: none; stroke: #0f5a9c; stroke-width: 1.2; } svg .way.quiet { stroke: #9a9a9a; stroke-dasharray: 4 3; }
nav { background: var(--head); border-radius: 6px; padding: 12px 16px; } nav dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 0; }
nav dt { font-weight: 600; } nav dd { margin: 0; overflow-wrap: anywhere; } a { color: var(--accent); }
@page { margin: 16mm 14mm; }
@media print { * { print-color-adjust: exact; } body { padding: 0; max-width: none; font-size: 11px; } nav { display: none; } h2, h3 { break-after: avoid; } thead { display: table-header-group; } tr, svg { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
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
