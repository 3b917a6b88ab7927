import type { FilesAroundParams } from '../../core/nodeFiles';
import { originOf } from '../paths';
import type { Session } from '../session';

/** containerdRunbooks/filesAroundChanged: the client has read a machine's files again. */
export function filesAroundChanged(session: Session) {
  return ({ uri }: FilesAroundParams): void => {
    session.filesAround.forget(uri);
    session.revisitOrigin(originOf(uri));
  };
}
