import { randomBytes } from 'node:crypto';

import type { Extension } from '#shared/model/agent-extension.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ExtensionError } from './extension-error.ts';
import { ExtensionLink, type PasswordObject } from './extension-link.ts';
import { ExtensionProcess } from './extension-process.ts';

/** A name that no system has. */
const nobody = 'carillon-conformance-nobody';

export interface ExtensionCheck {
  readonly what: string;
  readonly result: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface ExtensionTest {
  readonly extension: Extension;
  /** Anchor of an object whose password may be set; without one nothing is written. */
  readonly object?: string;
  /** What the extension signs in with. */
  readonly credential?: SecretBytes;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
}

/** A check that does not apply, with the reason. */
class Skipped extends Error {}

/** Tries an extension against the protocol, request by request, and says of each rule whether it keeps it. */
export async function testExtension(test: ExtensionTest): Promise<readonly ExtensionCheck[]> {
  const kit = new ExtensionKit(test);
  return await kit.run();
}

class ExtensionKit {
  readonly #test: ExtensionTest;
  readonly #checks: ExtensionCheck[] = [];
  #link: ExtensionLink | undefined;

  constructor(test: ExtensionTest) {
    this.#test = test;
  }

  async run(): Promise<readonly ExtensionCheck[]> {
    try {
      const isOpen = await this.#check('starts, opens and tells what it offers', async () => {
        this.#link = await this.#open();
        return [...this.#link.features].join(', ') || 'nothing';
      });
      if (!isOpen) return this.#checks;
      await this.#check('tells how well it is protected', async () =>
        this.#opened.secure ? 'secure' : 'not secure: targets that require a secure connection refuse it',
      );
      await this.#check('refuses a request that it does not know, and goes on', () => this.#tryUnknown());
      await this.#checkReading();
      await this.#checkWriting();
      await this.#check('answers "close" and ends', async () => {
        await this.#opened.close();
        return 'ended';
      });
      await this.#check('ends when its input is closed', () => this.#tryEnd());
    } finally {
      this.#link?.kill();
      this.#test.credential?.wipe();
    }
    return this.#checks;
  }

  get #opened(): ExtensionLink {
    if (this.#link === undefined) throw new Error('The extension is not open');
    return this.#link;
  }

  async #checkReading(): Promise<void> {
    let first: string | undefined;
    let watermark: string | undefined;
    await this.#check('describes its objects', async () => {
      const { types } = await this.#opened.readSchema(this.#limit());
      for (const { name, attributes } of types)
        if (!attributes.some(({ anchor }) => anchor))
          throw new Error(`No attribute of "${name}" is its anchor`);
      if (types.length === 0) throw new Error('It names no type of object');
      return types.map(({ name, attributes }) => `${name} (${attributes.length} attributes)`).join(', ');
    });
    await this.#check('imports every object once', async () => {
      const anchors = new Set<string>();
      for await (const line of this.#opened.importObjects(undefined, this.#limit())) {
        if (line.kind === 'unreadable')
          throw new Error(`An object has not the form of the protocol: ${line.detail}`);
        if (line.kind === 'deleted') throw new Error('A full import tells of a deletion');
        if (line.kind === 'end') watermark = line.watermark;
        else if (anchors.has(line.object.anchor)) throw new Error(`"${line.object.anchor}" comes twice`);
        else anchors.add(line.object.anchor);
      }
      [first] = anchors;
      return `${anchors.size} objects`;
    });
    await this.#check('imports nothing where nothing has changed', async () => {
      if (!this.#opened.features.has('delta')) throw new Skipped('It offers no "delta"');
      if (watermark === undefined) throw new Error('The full import ended without a watermark');
      let count = 0;
      for await (const line of this.#opened.importObjects(watermark, this.#limit()))
        if (line.kind !== 'end') count += 1;
      if (count > 0) throw new Error(`${count} objects came again`);
      return 'nothing came';
    });
    await this.#check('finds an object by its anchor', async () => {
      if (first === undefined) throw new Skipped('There is no object');
      const found = await this.#opened.fetchObject(first, this.#limit());
      if (found?.anchor !== first) throw new Error(`It does not find "${first}", which it has imported`);
      if ((await this.#opened.fetchObject(nobody, this.#limit())) !== undefined)
        throw new Error('It finds an object that does not exist');
      return `finds ${first}`;
    });
  }

  async #checkWriting(): Promise<void> {
    const missing = { anchor: nobody, dn: `CN=${nobody},OU=default`, type: 'person' };
    await this.#check('refuses a password for an object that does not exist', async () => {
      await this.#expect('object-not-found', () => this.#set(missing, newPassword()));
      return 'object-not-found';
    });
    const { object: anchor } = this.#test;
    const object = { anchor: anchor ?? '', dn: `CN=${anchor ?? ''},OU=default`, type: 'person' };
    const write = (what: string, work: () => Promise<string>): Promise<boolean> =>
      this.#check(what, () => (anchor === undefined ? Promise.reject(new Skipped('Give --object')) : work()));
    using before = newPassword();
    using after = newPassword();
    await write('sets a password', async () => {
      await this.#set(object, SecretBytes.copy(before.bytes));
      return `set for ${object.anchor}`;
    });
    await write('proves the right password and no other', async () => {
      await this.#expectVerdict('verified', object, before);
      await this.#expectVerdict('rejected', object, after);
      return 'verified and rejected';
    });
    await write('changes a password for whoever knows the old one', async () => {
      await this.#opened.changePassword(object, before, after, this.#limit());
      if (this.#opened.features.has('verify')) await this.#expectVerdict('verified', object, after);
      return 'changed';
    });
    await write('refuses a change with a wrong old password', async () => {
      if (!this.#opened.features.has('change')) throw new Skipped('It offers no "change"');
      await this.#expect('wrong-password', () =>
        this.#opened.changePassword(object, before, after, this.#limit()),
      );
      return 'wrong-password';
    });
    await write('demands a new password at the next logon', async () => {
      await this.#opened.requireChange(object, this.#limit());
      return 'demanded';
    });
  }

  async #tryUnknown(): Promise<string> {
    const probe = new ExtensionProcess(this.#test.extension);
    try {
      const { extension } = this.#test;
      const signal = this.#limit();
      const fields = { version: 1, agent: 'conformance', parameters: extension.parameters };
      const secrets = this.#credential('credential');
      try {
        await probe.ask({ op: 'open', fields, secrets, signal });
      } finally {
        for (const { secret } of secrets) secret.wipe();
      }
      await this.#expect('not-implemented', () => probe.ask({ op: 'conformance', signal }));
      await probe.ask({ op: 'security', signal }).catch((error: unknown) => {
        if (!(error instanceof ExtensionError) || error.code !== 'not-implemented') throw error;
      });
      return 'not-implemented';
    } finally {
      probe.kill();
    }
  }

  async #tryEnd(): Promise<string> {
    const process = new ExtensionProcess(this.#test.extension);
    const started = performance.now();
    await process.close();
    const ms = Math.round(performance.now() - started);
    if (process.killed) throw new Error('It goes on without its input and has to be stopped');
    return `after ${ms} ms`;
  }

  #credential(name: string): { readonly name: string; readonly secret: SecretBytes }[] {
    const { credential } = this.#test;
    return credential === undefined ? [] : [{ name, secret: SecretBytes.copy(credential.bytes) }];
  }

  #open(): Promise<ExtensionLink> {
    const [credential] = this.#credential('credential');
    return ExtensionLink.open({
      extension: this.#test.extension,
      agent: 'conformance',
      credential: credential?.secret,
      complaints: 'inherit',
      signal: this.#limit(),
    });
  }

  async #set(object: PasswordObject, password: SecretBytes): Promise<void> {
    try {
      await this.#opened.setPassword(object, password, { unlock: false }, this.#limit());
    } finally {
      password.wipe();
    }
  }

  async #expect(code: ExtensionError['code'], work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof ExtensionError && error.code === code) return;
      if (error instanceof ExtensionError) throw new Error(`It says "${error.code}" and not "${code}"`);
      throw error;
    }
    throw new Error(`It succeeds and does not say "${code}"`);
  }

  async #expectVerdict(verdict: string, object: PasswordObject, password: SecretBytes): Promise<void> {
    const found = await this.#opened.verifyPassword(object, password, this.#limit());
    if (found.verdict !== verdict) throw new Error(`It says "${found.verdict}" and not "${verdict}"`);
  }

  #limit(): AbortSignal {
    return AbortSignal.timeout(this.#test.timeout);
  }

  async #check(what: string, work: () => Promise<string>): Promise<boolean> {
    try {
      if (this.#link?.closed === true && what !== 'ends when its input is closed')
        this.#link = await this.#open();
      this.#checks.push({ what, result: 'ok', detail: await work() });
      return true;
    } catch (error) {
      const isOptional =
        error instanceof Skipped || (error instanceof ExtensionError && /does not offer/.test(error.message));
      const detail = error instanceof Error ? error.message : 'Something went wrong';
      this.#checks.push({ what, result: isOptional ? 'skipped' : 'failed', detail });
      return false;
    }
  }
}

/** Long, with every class of characters, and nobody's name in it. */
function newPassword(): SecretBytes {
  const random = Buffer.from(`Kt-7${randomBytes(12).toString('base64url')}!`);
  return SecretBytes.take(random);
}
