import { builtinModules } from 'node:module';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { compileStyles } from './scripts/compile-styles.ts';
import { firstChunk } from './scripts/first-chunk.ts';
import { helpPages } from './scripts/help-pages.ts';

/** Found beside the bundle or missing: the native modules, and database drivers that few need. */
const optional = ['kerberos', 'keytar', 'tedious', 'oracledb', 'ibm_db'];
const external = [/^node:/, 'electron', ...optional, ...builtinModules];

/**
 * `vite build --app` writes the page, its preload, and the programs as files that run without `src`;
 * `vite` alone serves the page.
 */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react(), compileStyles(), helpPages(), firstChunk(import.meta.filename)],
  builder: {},
  environments: {
    client: {
      build: {
        outDir: '../../out/renderer',
        emptyOutDir: true,
        target: 'chrome140',
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 900,
      },
    },
    main: {
      consumer: 'server',
      resolve: { external: ['electron', ...optional], noExternal: true },
      build: {
        ssr: true,
        outDir: '../../out/main',
        emptyOutDir: true,
        // Electron 45 and the service both run on Node 24; nothing needs transpiling down.
        target: 'node24',
        minify: false,
        rolldownOptions: {
          external,
          input: {
            index: '../main/index.ts',
            'desktop-engine': '../main/desktop-engine.ts',
            service: '../main/service.ts',
            cli: '../main/cli.ts',
            // A program of the sample company, for where no Node runs it from its source.
            'account-book': '../../samples/extensions/account-book.ts',
          },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { external: ['electron'], noExternal: true },
      build: {
        ssr: true,
        outDir: '../../out/preload',
        emptyOutDir: true,
        target: 'node24',
        minify: false,
        rolldownOptions: {
          external,
          input: { index: '../main/preload/index.ts' },
          // A sandboxed preload is one CommonJS file.
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
});
