/** Frames that containerd, its clients, kubelet, the Docker daemon, CRI-O and nerdctl put around a pull's error. */
export const frame = new RegExp(
  [
    /pull and unpack image|[Ff]ail(?:ed|ure)(?: to)? pull(?:ing)?\b(?! (?:helm )?chart)|[Ee]rror (?:while )?pulling|\bpull(?:ing)? (?:runtime )?image\b|pulling from host|PullImage/,
    /ErrImagePull|\bWarning +Failed +\S{1,20} (?:\(x\d{1,6} over \S{1,20}\) +)?kubelet\b(?! +Error: )|image pull failed for |: Pulling from [\w./-]+(?:\s|$)|\bpull after error: |Download failed, retrying: |\bError (?:trying|from) [vV][12] registry: |\/images\/create returned error: |ImagePullBackOff|RegistryUnavailable|InvalidImageName|ImageInspectError|Failed to inspect image "|SignatureValidationFailed/,
    /failed to reso\w+ (?:reference|image|source metadata|rootfs)|failed to create LLB definition|failed to do request|httpRead(?:er)?Seeker|trying next host|fetch failed/,
    /failed to fetch (?:anonymous|oauth) token|failed to authorize|sandbox image|failed to unpack|failed to extract (?:the )?(?:layer|blob)/,
    /failed to (?:prepare|commit) (?:extraction )?(?:snapshot|layer)|extraction (?:snapshot|layer)|apply layer error|apply failure|[Ee]rror unpacking image|failed to register layer/,
    /(?:^|\n)(?: ?✘ (?:Image )?\S+ +Error\b|(?:Pulling|Trying to pull) \S+(?: \(\S+\))?\.\.\.|[\w.-]+ Pulling\b)|failed to solve: [\w-][\w.-]*[/:][\w./:@-]+: |error creating temporary lease|failed commit on ref|\bcontent (?:descriptor|digest|at https?:)|from remote: |failed to copy: |do request\b/,
    /Error response from daemon: (?:(?:Get|Head)\b(?! "?https?:\/\/[^\s"/]+\/(?:metrics|healthz|readyz|livez|version)\b)|error pulling|received unexpected|pull access|unauthorized|manifest|toomany|denied\b|error from registry|unknown: |[Uu]nexpected status|login attempt|error parsing HTTP|failed to)/,
    /\/v2\/(?:["\s:]|$)|\/v2\/(?:[\w.-]+\/){1,8}(?:manifests|blobs)\/|initializing source|pinging (?:container|docker) registry|reading manifest|copying (?:system image|config|blob)|writing blob/,
    /CannotPull\w{0,40}Error\b|\berror parsing HTTP \d{3} response|\b[0-9a-f]{12}: (?:Pull|Download|Verif|Extract|Already|Waiting|Retrying)|API error \(\d{3}\): |trying to reuse blob|fetching blob|choosing (?:an )?image (?:instance|from)|short-name "|cannot be pulled due to|already being pulled|ApplyLayer |ResourceInitializationError: /,
    /parsing image configuration|[Rr]equesting bear(?:er)? token|trying to pull (?:repository|image)|containerd-mount|containerd\/tmpmounts|containerd\.snapshotter|nydus|stargz|rh\.(?:Client|Authorizer)\.|tryLoginWithRegHost|RegistryError\(ErrorResponse \{/,
    /\b(?:ctr (?:-\S{1,100} (?:[\w./]{1,100} )?){0,8}images?|crictl|nerdctl|docker|podman) (?:-\S{1,100} ){0,8}pull\b|(?:^|\n)(?:ctr|nerdctl|crictl): |unexpected status code \[/,
    /\b(?:pouch|crane|finch|img|buildah|apptainer|singularity|oras) (?:-\S{1,100} ){0,8}pull\b|\bskopeo (?:-\S{1,100} ){0,8}copy\b|\b(?:GET|HEAD) https?:\S*: (?:unexpected|unsupported) status code|reading image "|[Ff]ailed to download (?:the )?(?:layer|blob|manifest)\b|: apply layer \d|拉取\S{0,30}镜像|镜像\S{0,10}拉取/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Words that make a text likely about images; they need the absence of another subject. */
export const weakFrame =
  /\b(?:[Ii]mages?|[Rr]egistry(?!\.\w)|[Mm]anifest|[Bb]lobs?|[Ll]ayers?|snapshotter|repository|crictl|nerdctl|ctr)\b|Error response from daemon: (?!rpc error)|(?:^|\n)docker: |\bFATA\[|(?:pull|load|import)(?:ing|ed)? (?!plugin)|docker\.io|gcr\.io|quay\.io|ghcr\.io|azurecr\.io|\.ecr\.|pkg\.dev|mcr\.microsoft\.com/;

/** Other subjects: API server, etcd, webhooks, volumes, networks, garbage collection, other daemons, and downloads of files and artifacts. */
export const foreign = new RegExp(
  [
    /\/apis?[/?]|:6443(?!\/v2)|:10250|etcdserver|leader ?election|reflector\.go|[Ff]ailed calling webhook|handshake error from|kube-apiserver:? /,
    /MountVolume|(?<!image )[Vv]olume|for sandbox|[Cc]reate pod sandbox|setup network|CNI|cni\b|plugin type=|[Pp]robe|[Hh]ealth check|[Gg]arbage|ImageGC|image_gc|imageFs|filesystem stats|[Ee]viction|cadvisor|lease\b|node status|ExecSync|StopContainer|StartContainer|TaskExit|get state for|[Cc]ontainer "|status_manager|OCI runtime|shim|[Nn]o such container|Conflict\.|driver failed|port is already|is not running|mount source path|docker network|Login|runc\b|exec: "/,
    /\b(?!containerd|dockerd|kubelet|k3s|crio|rke2|nerdctl|buildkitd|podman|docker)[a-z][\w.@-]*\[\d+\]: /,
    /\bdaemon: rpc error: |\b(?:Get|Head) "?https?:\/\/[^\s"/]+\/(?:metrics|healthz|readyz|livez|version)\b|error during connect|(?<!v1)\/_ping\b|Error while dialing:? "?dial tcp|SubConns|\(os error \d+\)|\b(?:Post|Put|Patch|Delete) "?https?:\/\/(?![^"\s]{0,400}(?:token|auth))|[Ff]ailed to (?:connect to|create connection|dial)\b/,
    /https?:\/\/[^\s"'?]{1,400}\.(?:t[ag][rz]|tar\.\w+|zip|jar|pom|xml|ya?ml|deb|rpm|apk|whl|gem|box|iso|sh|exe)\b|The requested URL returned|(?:Could not|couldn't) resolve host|[Cc]ould not transfer (?:artifact|metadata)|error determining status/,
    /"(?:GET|POST|PUT|HEAD) \/|(?:^|\n)(?:cp|mv|dd|rsync|tee): | \/var\/log\/|(?<!\b(?:pkg|registry)\.)git(?:hub|lab)\.com|\bgit\b|\bnpm\b|\bpip\b|apt-get|\byum\b|curl: \(|\.java\b|java\./,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** A line of a log stands for itself: it is no part of a message on other lines. */
export const ofLog = /\d:\d\d:\d\d|level=/;
