import { benchErrors } from './errors';
import { benchLinear } from './linear';
import { benchReadiness } from './readiness';
import { benchResolve } from './resolve';
import { benchBundles } from './bundles';
import { benchServers } from './servers';
import { benchTriage } from './triage';

/** Each prints its own table; none judges. Figures are medians, and hold only beside the peers of the same run. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  errors: benchErrors,
  servers: benchServers,
  bundles: benchBundles,
  readiness: benchReadiness,
  resolve: benchResolve,
  triage: benchTriage,
  linear: benchLinear,
};

async function main(wanted: readonly string[]): Promise<void> {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n# ${name}`);
    await bench();
  }
}

void main(process.argv.slice(2));
