import type { ErrorClass } from '../errorClass';

export const policyBlocked: ErrorClass = {
  id: 'policy.blocked',
  title: 'Blocked by decryption, signature or verifier',
  signals: [
    {
      pattern:
        /missing (?:private )?key (?:needed )?for decryption|no (?:suitable )?(?:private )?keys? (?:found|unwrapper)|error decrypting layer|layer decrypt|decrypt(?:ion|ing)? (?:failed|error|(?:the )?(?:image )?layer)|\bunwrap ?key\)? failed|failed to unwrap|read payload: read configFd|ctd-decoder|\bDecryptLayer failed|(?:could not )?UnmarshalAny\(\) the decrypt data|you are not authorized to use this image|retrieving keyprovider protocol/i,
      weight: 92,
      with: /fail|error|missing|unable|cannot|could not|read payload|no |not authorized/i,
      scope: 'anywhere',
    },
    { pattern: /image verifier \S+ (?:blocked|rejected|returned error)|blocking pull of \S/, weight: 94, scope: 'anywhere' },
    {
      pattern:
        /SignatureValidationFailed|[Ss]ource image rejected: |[Ss]ignature (?:validation|verification) failed|no (?:valid |matching )?signatures? (?:found|were found|exist)|A signature was required|invalid signature when validating|no matching signatures|signature verify failed|[Cc]an ?not find any signatures/,
      weight: 92,
      scope: 'anywhere',
    },
    {
      pattern: /denied the request: |\b(?:cosign|notation)\b/,
      then: /\b(?:image|registry|verif\w+|signature)\b/,
      weight: 80,
      scope: 'anywhere',
      with: /fail|denied|reject|invalid|no matching/i,
    },
    {
      pattern:
        /(?:(?:current )?image with(?:out)? [\w ]{1,60} )?cannot be pulled due to (?:a )?configured policy|image is not signed (?:in Notary|by cosign)|is rejected by policy|[Ii]mage policy rejected|Image \S+ is blocked by registry rule|Policy `reject` rejects image|image policy webhook|disallowed by policy|ImagePolicyWebhook|registry \S+ is (?:blocked|not allowed)|blocked in \S*registries\.conf/,
      weight: 86,
      scope: 'anywhere',
    },
    // Harbor answers so where a project asks for a signature or fewer vulnerabilities.
    { pattern: /\b412 Precondition Failed\b/, weight: 76 },
    {
      pattern:
        /invalid policy in "[^"\s]+"|remote trust data does not exist|does not have trust data|Invalid GPG signature|signature rejected|denied by policy|failed to verify image|image verification failed(?! for digest)/i,
      weight: 84,
    },
    {
      pattern:
        /\bpolic(?:y|ies)\b|\bsign(?:ature|ed)s?\b|\bverif(?:y|ied|ication|ier)\b|\bcosign\b|\bnotary\b|\bvulnerab|\bdecrypt|\bquarantin|\bblocked by\b/i,
      weight: 36,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": image verifier bindir blocked pull of registry.example/app:1 with digest sha256:1a2b for reason: no signature',
      containerd: '2.1',
    },
    { text: 'failed to extract layer sha256:1a2b: call to decrypt failed: missing private key needed for decryption: unknown' },
    {
      text: 'SignatureValidationFailed: unable to pull image or OCI artifact: Source image rejected: A signature was required, but no signature exists',
    },
  ],
  causes: [
    { what: 'The key for an encrypted layer is missing', tell: 'a layer’s mediaType ends in `+encrypted`' },
    { what: 'A verifier of /opt/containerd/image-verifier/bin refused the image', tell: 'its name and reason in the text' },
    { what: 'A signature policy (CRI-O, admission webhook) wants a signature', tell: '`A signature was required`' },
  ],
  retriable: false,
  doc: {
    meaning: 'The image was reachable, but a rule of this node or cluster does not let it in, or its key is missing.',
    impact: 'The image will not run here until it is signed, allowed, or its key is installed.',
    diagnosis: [
      {
        what: 'See verifiers, keys and processors.',
        command:
          'ls -l /opt/containerd/image-verifier/bin /etc/containerd/ocicrypt/keys 2>/dev/null; containerd config dump | grep -A6 -E "stream_processors|image-verifier"',
      },
      { what: 'Read their log.', command: 'journalctl -u containerd --since -10min | grep -i -E "verifier|decrypt"' },
    ],
    mitigation: ['Sign the image, or allow it in the policy.', 'Install the private key where the stream processor looks.'],
    restart: 'Yes, containerd, after changing stream_processors; not for keys and verifiers.',
    rules: [],
    related: [{ id: 'unpack.bad-archive', apart: 'encrypted bytes without any word about keys' }],
    sources: ['containerd core/transfer/local/pull.go', 'containerd pkg/imageverifier/bindir/bindir.go'],
  },
  messages: {
    cause: 'A policy of this node or cluster refused the image, or the key to decrypt it is missing.',
    causeOfReference: 'A policy of this node or cluster refused {reference}, or the key to decrypt it is missing.',
    nextStep: 'Read the reason that the verifier or policy gives; sign or allow the image, or install the key.',
  },
};
