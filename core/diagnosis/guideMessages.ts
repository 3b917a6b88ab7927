import { catalogOf, type Catalog } from '../text/message';

/** The sentences of the page that makes a hidden failure happen again; commands and what programs print are no part of them. */
export const guideMessages: Catalog = catalogOf('guide', {
  title: 'Reproduce a hidden pull error',
  reports: 'containerd {containerd} ({via}) reports for this image:',
  cause: 'What went wrong before that, and is not in it ({class}):',
  hides: 'Releases {versions} hide it.',
  'hides-all': 'Every release hides it.',
  'without-root': 'Without root, without waiting',
  'fault-first': 'The fault is put before the real answers; the node and its firewall stay as they are.',
  'private-replay':
    'A private registry: put the user and the password into CONTAINERD_RUNBOOKS_USERNAME and CONTAINERD_RUNBOOKS_PASSWORD first.',
  'on-node': 'On the node, with a real client',
  'at-once':
    'This failure passes at once: there is no moment between two requests in which a person could switch a firewall rule. Use the replay above.',
  'as-root': 'As root, in one shell, on a node that runs nothing important: for about {seconds} s it cannot reach that registry.',
  addresses:
    '1. Look up the addresses once, while the registry can be reached, so that the same rules are taken away again. Go on only when at least one is printed. Where containerd goes through a proxy, look up the proxy, and write its port below.',
  drop: '2. Drop what goes to it.',
  pull: '3. Pull with one of these. Nothing has to be wiped first: each of them resolves anew. k3s has them as `k3s ctr` and `k3s crictl`.',
  'private-pull':
    'A private registry: pull in a second shell, without the & at the end, as the program asks for the password there: `ctr images pull --user NAME`, `crictl pull --username NAME` (from 1.26 on), or `nerdctl login` before step 2.',
  'let-through': '4. After {seconds} s containerd has given up what it asks first. Let the next request through, and wait for the end.',
  check: '5. See that none of these rules is left: this prints nothing.',
  expect: 'What you should see',
  'pulls-it': 'pulls it',
});
