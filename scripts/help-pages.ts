import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { marked } from 'marked';
import type { Plugin } from 'vite';

const docs = join(import.meta.dirname, '../docs');

/** Follows the desktop's colours; a file of its own, since the page's security policy has no inline styles. */
const style = `:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 14px/1.5 'Segoe UI', system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 1.6em; }
table { border-collapse: collapse; } th, td { border: 1px solid #8888; padding: 3px 10px; text-align: left; }
code { font-family: Consolas, monospace; } pre { overflow: auto; border: 1px solid #8888; padding: 8px; }
`;

function pageOf(file: string): string {
  // The guides link to each other as files; the pages all lie in one folder.
  const text = readFileSync(file, 'utf8').replaceAll(
    /\]\((?:\.\.\/|help\/)?([a-z-]+)\.md(#[^)]*)?\)/g,
    ']($1.html$2)',
  );
  const title = /^# (.+)$/m.exec(text)?.[1] ?? basename(file, '.md');
  const body = marked.parse(text, { async: false });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title} - Carillon help</title><link rel="stylesheet" href="style.css"></head>
<body><nav><a href="start.html">Carillon help</a></nav><main>${body}</main></body>
</html>
`;
}

/** The guide as static pages beside the console, one for each Markdown file of `docs`. */
export function helpPages(): Plugin {
  return {
    name: 'carillon-help',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle() {
      for (const file of globSync(['*.md', 'help/*.md'], { cwd: docs }))
        this.emitFile({
          type: 'asset',
          fileName: `help/${basename(file, '.md')}.html`,
          source: pageOf(join(docs, file)),
        });
      this.emitFile({ type: 'asset', fileName: 'help/style.css', source: style });
    },
  };
}
