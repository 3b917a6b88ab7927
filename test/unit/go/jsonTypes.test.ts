import assert from 'node:assert/strict';
import { goInt, goRaw, goString, goTime, mapOf, sliceOf, unmarshalTypeError, type GoStruct } from '../../../core/go/jsonTypes';

const inner: GoStruct = { kind: 'struct', name: 'v1.Descriptor', fields: { size: { kind: 'int', name: 'int64' }, digest: goString } };
const type: GoStruct = {
  kind: 'struct',
  name: 'v1.Manifest',
  embedded: [{ kind: 'struct', name: 'specs.Versioned', fields: { schemaVersion: goInt } }],
  fields: { config: inner, layers: sliceOf(inner), annotations: mapOf(goString), issued_at: goTime, any: goRaw },
};
const said = (document: string, go: string): string | undefined => unmarshalTypeError(JSON.parse(document), type, go);

/** Words of containerd 1.6.20 (Go 1.19), 1.7.24 (Go 1.24) and 2.1.9 (Go 1.27), as recorded. */
describe('encoding/json into typed values', () => {
  it('takes what fits, null anywhere, unknown keys and any JSON for a json.RawMessage', () => {
    const fits =
      '{"schemaVersion":2,"CONFIG":{"size":5},"layers":[null],"annotations":{"a":"b"},"x":7,"any":[1],"issued_at":"2026-01-02T03:04:05Z"}';
    for (const go of ['1.19', '1.24', '1.27']) assert.deepEqual([said(fits, go), said('null', go)], [undefined, undefined]);
  });

  const cases: readonly (readonly [document: string, go: string, error: string])[] = [
    ['[]', '1.24', 'array into Go value of type v1.Manifest'],
    ['[]', '1.27', 'array into Go value of type v1.Manifest'],
    ['{"config":"x"}', '1.24', 'string into Go struct field Manifest.config of type v1.Descriptor'],
    ['{"config":{"digest":5}}', '1.24', 'number into Go struct field Descriptor.config.digest of type string'],
    ['{"config":{"digest":5}}', '1.27', 'number into Go struct field Manifest.config.digest of type string'],
    ['{"layers":[{"size":1.5}]}', '1.19', 'number 1.5 into Go struct field Descriptor.layers.size of type int64'],
    ['{"layers":[{"size":"5"}]}', '1.27', 'string into Go struct field Manifest.layers.0.size of type int64'],
    ['{"layers":["a"]}', '1.24', 'string into Go struct field Manifest.layers of type v1.Descriptor'],
    ['{"layers":["a"]}', '1.27', 'string into Manifest.layers.0 of type v1.Descriptor'],
    ['{"layers":{}}', '1.24', 'object into Go struct field Manifest.layers of type []v1.Descriptor'],
    ['{"annotations":{"a":5}}', '1.24', 'number into Go struct field Manifest.annotations of type string'],
    ['{"annotations":{"a":5}}', '1.27', 'number into Go struct field Manifest.annotations.a of type string'],
    ['{"annotations":true}', '1.24', 'bool into Go struct field Manifest.annotations of type map[string]string'],
    ['{"schemaVersion":"2"}', '1.19', 'string into Go struct field Manifest.schemaVersion of type int'],
    ['{"schemaVersion":"2"}', '1.24', 'string into Go struct field Manifest.Versioned.schemaVersion of type int'],
    ['{"schemaVersion":"2"}', '1.27', 'string into Go struct field Manifest.schemaVersion of type int'],
    ['{"issued_at":5}', '1.27', 'number into Go struct field Manifest.issued_at of type time.Time'],
  ];
  for (const [document, go, error] of cases)
    it(`${document}, Go ${go}`, () => assert.equal(said(document, go), `json: cannot unmarshal ${error}`));

  it('names the first value that does not fit, in the order of the text', () =>
    assert.match(said('{"schemaVersion":"2","config":7}', '1.24') ?? '', /schemaVersion/));
});

/** time.Time.UnmarshalJSON. */
describe('times in JSON', () => {
  const layout = '2006-01-02T15:04:05Z07:00';
  const times: readonly (readonly [value: string, go: string, error: string])[] = [
    ['"yesterday"', '1.24', `parsing time "yesterday" as "${layout}": cannot parse "yesterday" as "2006"`],
    ['"yesterday"', '1.19', `parsing time "\\"yesterday\\"" as "\\"${layout}\\"": cannot parse "yesterday\\"" as "2006"`],
    ['""', '1.24', `parsing time "" as "${layout}": cannot parse "" as "2006"`],
    ['""', '1.19', `parsing time "\\"\\"" as "\\"${layout}\\"": cannot parse "\\"" as "2006"`],
    ['5', '1.19', `parsing time "5" as "\\"${layout}\\"": cannot parse "5" as "\\""`],
    ['5', '1.24', 'Time.UnmarshalJSON: input is not a JSON string'],
    ['"2026-01-02 03:04:05"', '1.24', `parsing time "2026-01-02 03:04:05" as "${layout}": cannot parse " 03:04:05" as "T"`],
    ['"2026-13-02T03:04:05Z"', '1.24', 'parsing time "2026-13-02T03:04:05Z": month out of range'],
    ['"2026-01-02T03:04:05Zx"', '1.24', 'parsing time "2026-01-02T03:04:05Zx": extra text: "x"'],
  ];
  for (const [value, go, error] of times) it(`${value}, Go ${go}`, () => assert.equal(said(`{"issued_at":${value}}`, go), error));
});
