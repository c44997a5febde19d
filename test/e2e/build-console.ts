import { buildPage } from '../../scripts/build-page.ts';

/** Builds the page once before the tests that open it. */
export async function setup(): Promise<void> {
  await buildPage();
}
