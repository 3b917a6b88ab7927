import assert from 'node:assert/strict';
import { parseCidr, parseIp } from '../../../core/go/ip';
import { proxyOf, proxySettings } from '../../../core/go/proxy';

const through = (none: string, url: string): boolean =>
  proxyOf({ http: 'http://proxy.example:3128', https: 'http://proxy.example:3128', none }, url) !== undefined;

describe('proxies as httpproxy reads them', () => {
  const direct: readonly (readonly [none: string, url: string])[] = [
    ['', 'https://localhost:5000/v2/'],
    ['', 'http://127.0.0.1/'],
    ['', 'http://127.8.9.1:5000/'],
    ['', 'https://[::1]:443/'],
    ['*', 'https://reg.example/'],
    ['a, *', 'https://10.0.0.1/'],
    ['reg.example', 'https://reg.example/'],
    ['reg.example', 'https://a.reg.example/'],
    ['.example', 'https://reg.example/'],
    ['*.example', 'https://reg.example/'],
    ['REG.example', 'https://Reg.Example/'],
    ['reg.example:5000', 'https://reg.example:5000/'],
    ['reg.example:443', 'https://reg.example/'],
    ['reg.example:80', 'http://reg.example/'],
    ['reg.example:', 'http://reg.example:81/'],
    ['10.0.0.0/8', 'https://10.9.8.7:5000/'],
    ['10.0.0.7', 'https://10.0.0.7/'],
    ['10.0.0.7:5000', 'https://10.0.0.7:5000/'],
    ['fd00::/8', 'https://[fd00::9]/'],
    ['[fd00::9]:5000', 'https://[fd00::9]:5000/'],
    ['fd00::9', 'https://[FD00:0::9]/'],
    ['::ffff:10.0.0.1', 'https://10.0.0.1/'],
  ];
  for (const [none, url] of direct) it(`NO_PROXY ${JSON.stringify(none)} exempts ${url}`, () => assert.equal(through(none, url), false));

  const proxied: readonly (readonly [none: string, url: string])[] = [
    ['', 'https://reg.example/'],
    ['reg.example', 'https://notreg.example/'],
    ['.reg.example', 'https://reg.example/'],
    ['reg.example:5000', 'https://reg.example/'],
    ['10.0.0.0/8', 'https://reg.example/'],
    ['10.0.0.0/8', 'https://11.0.0.1/'],
    ['10.0.0.1:5000', 'https://10.0.0.1/'],
    ['0.0.1', 'https://10.0.0.1/'],
    ['fd00::/8', 'https://[fe00::9]/'],
    ['10.0.0.0/33', 'https://10.0.0.1/'],
    [':5000', 'https://reg.example:5000/'],
    ['reg.*', 'https://reg.example/'],
    [',', 'https://reg.example/'],
    ['localhost', 'https://localhost.example/'],
  ];
  for (const [none, url] of proxied)
    it(`NO_PROXY ${JSON.stringify(none)} does not exempt ${url}`, () => assert.equal(through(none, url), true));

  it('takes the proxy of the scheme, with its default port', () => {
    const settings = { http: 'plain.example', https: 'https://user:pw@tls.example', none: '' };
    assert.deepEqual(proxyOf(settings, 'http://reg.example/'), { scheme: 'http', host: 'plain.example', port: '80', user: undefined });
    assert.deepEqual(proxyOf(settings, 'https://reg.example/'), { scheme: 'https', host: 'tls.example', port: '443', user: 'user:pw' });
    assert.equal(proxyOf({ ...settings, https: '' }, 'https://reg.example/'), undefined);
  });

  it('reads what is no URL as Go does', () => {
    const of = (https: string) => proxyOf({ http: '', https, none: '' }, 'https://reg.example/');
    assert.deepEqual(of('proxy.example:3128'), { scheme: 'http', host: 'proxy.example', port: '3128', user: undefined });
    assert.deepEqual(of('proxy.example:bad'), { scheme: 'proxy.example', host: '', port: '', user: undefined });
    assert.equal(of('http://proxy.example\u007f'), undefined);
  });

  it('reads the environment: upper case first, empty counts as absent', () => {
    const env = new Map([
      ['HTTP_PROXY', ''],
      ['http_proxy', 'low'],
      ['HTTPS_PROXY', 'up'],
      ['https_proxy', 'low'],
      ['no_proxy', 'x'],
    ]);
    assert.deepEqual(proxySettings(env), { http: 'low', https: 'up', none: 'x' });
  });

  it('refuses what are no addresses', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '01.2.3.4',
      '256.1.1.1',
      ':::',
      '1::2::3',
      'g::',
      '1:2:3:4:5:6:7',
      '::1%eth0',
      '1.2.3.4:',
    ])
      assert.equal(parseIp(text), undefined, text);
    for (const text of ['10.0.0.0', '10.0.0.0/', '10.0.0.0/-1', 'x/8', '::/129']) assert.equal(parseCidr(text), undefined, text);
    assert.equal(parseIp('1:2:3:4:5:6:7:8')?.length, 16);
    assert.equal(parseIp('::ffff:1.2.3.4')?.length, 16);
  });
});
