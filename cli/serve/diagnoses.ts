import { diagnose } from '../../core/diagnosis/diagnose';
import type { Evidence } from '../../core/diagnosis/evidence';
import type { OnNode } from '../../core/nodeFiles';
import type { DiagnoseDocument } from '../../core/protocol/diagnose';
import type { Catalog } from '../../core/text/message';
import type { Io } from '../command';
import { refuseBadReference } from '../commands/diagnose';
import { loadBundle, saveBundle } from '../diagnosis/bundle';
import { collect } from '../diagnosis/collect';
import { compareDump } from '../diagnosis/compareDump';
import { usualStageTimeoutMs } from '../diagnosis/options';
import { diagnoseIn } from './inLanguage';
import type { NodePool } from './nodePool';
import type { Handlers } from './requests';
import type { Session } from './session';

type DiagnosisHandlers = Pick<Handlers, 'diagnose' | 'diagnoseBundle' | 'collect'>;

/** Whole diagnoses for the editor: the same functions as `diagnose` and `collect` call, each stage a step. */
export function diagnosisHandlers(io: Io, pool: NodePool, catalogs: readonly Catalog[]): DiagnosisHandlers {
  const concluded = (evidence: Evidence): DiagnoseDocument => diagnoseIn(diagnose(evidence, compareDump), catalogs);
  const evidence = (params: Wanted, session: Session): Promise<Evidence> => evidenceOf(params, session, { io, pool, catalogs });
  return {
    diagnose: async (params, session) => concluded(await evidence(params, session)),
    diagnoseBundle: ({ bundle }) => Promise.resolve(bundle).then((path) => concluded(loadBundle(path, path))),
    collect: async (params, session) => saveBundle(params.output, params.output, await evidence(params, session)),
  };
}

type Wanted = OnNode & { readonly reference?: string };

interface Parts {
  readonly io: Io;
  readonly pool: NodePool;
  readonly catalogs: readonly Catalog[];
}

function evidenceOf({ node: name, sshConfig, reference }: Wanted, session: Session, { io, pool, catalogs }: Parts): Promise<Evidence> {
  if (reference !== undefined) refuseBadReference(reference);
  const { cancellation } = session;
  const onStep: Session['step'] = (step) => session.step(step);
  return pool.with(name, sshConfig, session, (node) =>
    collect({ reference, stageTimeoutMs: usualStageTimeoutMs }, { node, io, cancellation, onStep, catalogs }),
  );
}
