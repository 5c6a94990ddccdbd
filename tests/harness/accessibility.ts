/** What axe finds wrong with the page as it is shown now. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Screen } from './screen';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RUN = `
  const done = arguments[arguments.length - 1];
  axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    // Experimental, and wrong about a button that carries a description besides its label.
    rules: { 'label-content-name-mismatch': { enabled: false } },
  })
    .then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => id + ': ' + node.html.slice(0, 200) + ' ' + node.failureSummary))))
    .catch((error) => done([String(error)]));
`;

/** One line for each thing that keeps a person out; none when all is well. */
export async function barriers(screen: Screen): Promise<string[]> {
  if (!(await screen.driver.executeScript<boolean>('return "axe" in window'))) {
    await screen.driver.executeScript(axe);
  }
  return screen.driver.executeAsyncScript<string[]>(RUN);
}
