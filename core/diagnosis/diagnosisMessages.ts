import type { Catalog } from '../text/message';

/** Texts of a whole diagnosis: its stages, what it could not see, and its own conclusions. */
export const diagnosisMessages: Catalog = {
  'stage/readiness-pass': '{count} checks of the node passed.',
  'stage/readiness-found': '{bad} of {count} checks of the node did not pass: {first}',
  'stage/readiness-none': 'The state of the node was not seen.',
  'stage/configuration-pass': '{count} files as containerd {containerd} reads them: nothing wrong.',
  'stage/configuration-found': 'In {count} files there are errors: {errors}, warnings: {warnings}. The first: {first}',
  'stage/configuration-none': 'No configuration was seen: containerd runs with its defaults, or the files could not be read.',
  'stage/journal-pass': '{source} has no pull errors in its last {lines} lines about pulls.',
  'stage/journal-found': '{errors} pull errors in {source}, most of them {class}.',
  'stage/journal-none': 'No log of containerd was seen.',
  'stage/replay-pass': 'Every image asked for can be pulled: {references}.',
  'stage/replay-found': '{bad} of {count} images cannot be pulled: {first}',
  'stage/replay-none': 'No image was named and the journal names none that failed; name one as REFERENCE.',
  'stage/replay-failed': 'The pull could not be replayed.',

  'gap/timeout': '{what} did not end within {seconds} s.',
  'gap/failed': '{what} could not be carried out: {reason}',
  'gap/no-sudo-files': 'Not readable for this user, and sudo -n is refused: {paths}. What they say is missing here.',
  'gap/unreadable-files': 'Not readable: {paths}. What they say is missing here.',
  'gap/no-dump': 'containerd config dump could not be had ({reason}): settings are as the files say, not confirmed by containerd.',
  'gap/no-dump-sudo':
    'containerd config dump could not be had ({reason}), and sudo -n is refused: settings are as the files say, not confirmed by containerd.',
  'gap/dump-unread': 'What containerd config dump printed is no TOML that could be read.',
  'gap/journal-refused': 'Not every log is open to this user ({reason}), and sudo -n is refused: past errors may be missing here.',
  'gap/journal-none': 'There is no journal of containerd, k3s or kubelet, and no log file at the usual places.',
  'gap/reference-refused': '{reference} from the journal is no image reference that containerd takes.',

  'what/readiness': 'The check of the node',
  'what/configuration': 'Reading the configuration',
  'what/dump': 'containerd config dump',
  'what/journal': 'Reading the journal',
  'what/replay': 'The replay of {reference}',

  'diagnosis/none': 'Nothing wrong was found.',
  'diagnosis/none-step': 'If pulls fail all the same, name the image: containerd-runbooks diagnose REFERENCE.',
  'diagnosis/none-pulled': 'Nothing wrong was found: {references} can be pulled from this node now.',
  'diagnosis/none-pulled-step':
    'If a pod still fails, it asks with other credentials or for another image: compare its imagePullSecrets and the exact reference.',
  'diagnosis/unseen': 'No cause was found, but not everything could be seen.',
  'diagnosis/unseen-step': 'Get what is missing: {first}',
  'diagnosis/rule': '{message} ({place})',
  'diagnosis/fix': 'Correct {place}: {fix}. Then: containerd-runbooks diagnose {reference}',
  'diagnosis/do': '{fix}. Then: containerd-runbooks diagnose {reference}',
  'diagnosis/no-fix': 'Correct {place}; what is right there: containerd-runbooks help {id}.',
  'diagnosis/class': '{message}',
  'diagnosis/class-step': '{step}',
  'diagnosis/class-help': 'See containerd-runbooks help {id}.',
  'diagnosis/check': '{message}',
  'diagnosis/check-step': 'Put that right first, then: containerd-runbooks ready.',
  'diagnosis/past': '{message} This is what the log says; now {references} can be pulled.',
  'diagnosis/restart': 'containerd runs, but will not start again with this file: {message} ({place})',

  'certs-d-not-read/message':
    '{folder} holds {count} hosts.toml, but containerd {containerd} does not look there: config_path is {configPath}.',
  'certs-d-not-read/step':
    'Set config_path = "{folder}" in the registry table of {config} and restart containerd; hosts.toml alone needs no restart.',
  'dump-differs/message': 'containerd says {key} is {dump}; the files that were read say {files}. Another file or a drop-in is in play.',
};
