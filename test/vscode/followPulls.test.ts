import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { standIns } from '../fixtures/standIns';
import { until } from '../fixtures/until';
import { session, type Session } from './session';

const image = 'registry.example.com/app:1';
const failure = `time="2026-11-21T10:00:00Z" level=error msg="PullImage \\"${image}\\" failed" error="failed to pull and unpack image \\"${image}\\": failed to resolve reference \\"${image}\\": ${image}: not found"\n`;

describe('VS Code: failed pulls of a node as they come', () => {
  let vscode: Session;
  let journal: string;

  before(async () => {
    vscode = await session();
    const { root } = vscode.worker;
    journal = join(root, 'followed.journal');
    standIns(root, { journalctl: `case " $* " in *' -f '*) exec tail -n 0 -F '${journal}' ;; *) echo a line ;; esac` });
    writeFileSync(journal, failure.replaceAll(image, 'registry.example.com/before:1'));
    await vscode.workbench.tidy();
    await vscode.workbench.openPanel();
    await vscode.workbench.runCommand('Clear Diagnoses');
  });
  after(() => rmSync(join(vscode.worker.root, 'stand-ins/journalctl')));

  it('are shown one by one, each with its class and its page', async () => {
    const { workbench } = vscode;
    await workbench.contextMenu(workbench.node('worker-1'), 'Guided Step on Node');
    await workbench.pick('Follow failed pulls');
    await workbench.row('Diagnoses', 'Follow failed pulls, worker-1, running').waitFor();
    await workbench.row('Diagnoses', 'No pull has failed since then').waitFor();
    const row = workbench.viewRows('Diagnoses').filter({ hasText: `${image}: notfound.manifest` });
    // Until the reader on the node has begun, what is written is from before.
    for (let tries = 0; tries < 60 && !(await row.isVisible()); tries++) {
      appendFileSync(journal, failure);
      await pause(500);
    }
    assert.equal(await row.count(), 1, 'a pull that fails again and again is one row');
    assert.doesNotMatch((await workbench.everyRow('Diagnoses')).join('\n'), /before:1/);
    await row.click();
    assert.match(await workbench.preview('notfound.manifest'), /Meaning/);
  });

  it('end with the person, and leave nothing on the node', async () => {
    const { workbench } = vscode;
    assert.notDeepEqual(readersOf(journal), []);
    await workbench.contextMenu(workbench.row('Diagnoses', 'Follow failed pulls, worker-1, running'), 'Cancel Diagnosis');
    await workbench.row('Diagnoses', 'Follow failed pulls, worker-1, skipped').waitFor();
    await workbench
      .viewRows('Diagnoses')
      .filter({ hasText: `${image}: notfound.manifest` })
      .waitFor();
    await until(() => readersOf(journal).length === 0, 'something still reads the journal');
  });
});

/** The processes of this machine that were started with a file. */
function readersOf(file: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(file);
    } catch {
      return false;
    }
  });
}
