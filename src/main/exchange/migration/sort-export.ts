import type { PcnsService } from '#shared/model/pcns.ts';

import { type EntssoFile, readEntssoFile } from '../entsso/entsso-file.ts';
import { readAdapterXml, readSsoXml, type SsoXml } from '../entsso/read-sso-xml.ts';
import { readXmlTree } from '../entsso/read-xml-tree.ts';
import { type MimServer, readMimServer } from '../mim/read-mim-server.ts';
import { type ListedTarget, readPcnsListing } from '../pcns/read-pcns-listing.ts';
import { decodeText } from '../xml/decode-text.ts';

/** Files of a predecessor, each read as what it is. */
export interface SortedExport {
  /** Undefined where there is no file of Identity Manager. */
  readonly server: MimServer | undefined;
  /** Files of ssomanage, by name. */
  readonly applications: ReadonlyMap<string, SsoXml>;
  /** Files of ssops, by name. */
  readonly adapters: ReadonlyMap<string, SsoXml>;
  /** Files of the management agent for Enterprise Single Sign-On, by name. */
  readonly entsso: ReadonlyMap<string, EntssoFile>;
  readonly targets: readonly ListedTarget[];
  /** Settings of the service on domain controllers; undefined where no listing has them. */
  readonly service: PcnsService | undefined;
}

/** Flags that an adapter has and an application has not. */
const adapterFlags =
  /^(syncFromAdapter|syncToAdapter|verifyOldPassword|changeWindowsPassword|sendOldPassword|allowMappingConflicts|groupAdapter)$/i;

/** Tells the files of an export apart and reads them. Throws `AppError` `invalid_input` for one that is none. */
export function sortExport(files: ReadonlyMap<string, Uint8Array>): SortedExport {
  const mim = new Map<string, Uint8Array>();
  const applications = new Map<string, SsoXml>();
  const adapters = new Map<string, SsoXml>();
  const entsso = new Map<string, EntssoFile>();
  const targets: ListedTarget[] = [];
  let service: PcnsService | undefined;
  for (const [file, bytes] of files) {
    const { text } = decodeText(bytes, file);
    if (!/^\s*</.test(text)) {
      const listing = readPcnsListing(text, file);
      targets.push(...listing.targets);
      service = listing.service;
    } else if (!/<sso[\s>/]/i.test(text)) mim.set(file, bytes);
    else {
      const root = readXmlTree(text, file);
      const names = new Set(root.children.map(({ name }) => name));
      if (names.has('ENTSSOMA') || names.has('SourceMA')) entsso.set(file, readEntssoFile(bytes, file));
      else if (root.children.some(isAdapter)) adapters.set(file, readAdapterXml(text, file));
      else applications.set(file, readSsoXml(text, file));
    }
  }
  return {
    server: mim.size === 0 ? undefined : readMimServer(mim),
    applications,
    adapters,
    entsso,
    targets,
    service,
  };
}

function isAdapter(element: ReturnType<typeof readXmlTree>): boolean {
  if (!/^application$/i.test(element.name)) return false;
  return element.children.some(
    ({ name, attributes }) =>
      /^computer$/i.test(name) ||
      (/^flags$/i.test(name) && Object.keys(attributes).some((flag) => adapterFlags.test(flag))),
  );
}
