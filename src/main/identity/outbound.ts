import type { Agent, SsoAgent } from '#shared/model/agent.ts';
import type { ConnectorId } from '#shared/model/change.ts';
import type { ExportFlow } from '#shared/model/identity-rules.ts';
import { messageOf } from '#shared/model/message-of.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import { type ConnectorSpace, type SpaceObject, valuesOf } from './connector-space.ts';
import { differences, filled, isSame } from './export-differences.ts';
import type { Subject } from './expressions.ts';
import type { Attributes } from './import-source.ts';
import type { Person } from './metaverse.ts';
import type { PendingExport, PendingExports, StagedDelete } from './pending-exports.ts';
import { placeOf } from './place-of.ts';
import type { Rules } from './rules.ts';
import type { RunErrorWord } from './run-error.ts';
import type { SynchronizationStatistics } from './run-statistics.ts';
import { changedMappings, firstMappings, mappedIdentityOf } from './sso-mappings.ts';
import type { SynchronizationReport } from './synchronization-report.ts';

export interface OutboundDependencies {
  readonly rules: () => Rules;
  readonly space: ConnectorSpace;
  readonly exports: PendingExports;
}

/** What becomes of a person's objects beside what is staged. */
export interface OutboundPlaces {
  /** An object that its person's provisioning rule no longer wants. */
  readonly unwanted: (object: SpaceObject) => void;
  /** An object that was to be deleted, and that its person shall have again. */
  readonly regained: (deletion: StagedDelete) => void;
}

interface Mapped {
  readonly person: Person;
  readonly object: SpaceObject | undefined;
  readonly connectors: readonly SpaceObject[];
}

interface Update {
  readonly staged: PendingExport | undefined;
  readonly changes: Attributes;
  readonly newDn: string | undefined;
}

/**
 * Outbound synchronization: provisioning and export attribute flow of one person. It only stages; an export run
 * writes, and the import after that confirms. Every method writes, so it belongs inside a `Commit`.
 */
export class Outbound {
  readonly #dependencies: OutboundDependencies;

  constructor(dependencies: OutboundDependencies) {
    this.#dependencies = dependencies;
  }

  /** Whether any agent writes at all: without one, a person's change ends here at no cost. */
  get isIdle(): boolean {
    return this.#dependencies.rules().agents.every((agent) => !isWritten(agent));
  }

  /** Stages what the person's objects lack, and tells which of them provisioning takes back or gives again. */
  synchronize(
    person: Person,
    connectors: readonly SpaceObject[],
    places: OutboundPlaces,
    report: SynchronizationReport,
  ): void {
    const subject: Subject = { dn: '', objectType: person.objectType, attributes: person.attributes };
    for (const agent of this.#dependencies.rules().agents) {
      if (!isWritten(agent)) continue;
      const object = connectors.find((connector) => connector.agent === agent.id);
      const fail = (word: RunErrorWord, detail: string) => {
        report.statistics.errors += 1;
        report.fail({
          word,
          agent: agent.id,
          dn: object?.dn ?? person.guid,
          detail,
          ...(object === undefined ? {} : { connector: object.id }),
        });
      };
      try {
        if (object !== undefined) this.#withdrawAdd(agent, person);
        const mapped = { person, object, connectors };
        if (object === undefined && this.#regain(agent, mapped, subject, places)) continue;
        if (agent.kind === 'entsso') this.#map(agent, mapped, places, report, fail);
        else if (object === undefined) this.#provision(agent, person, subject, report, fail);
        else if (this.#isWanted(agent, subject)) this.#flow(agent, object, subject, report, fail);
        else places.unwanted(object);
      } catch (error) {
        // A rule that fails writes nothing; what was staged before stays as it was.
        fail('expression-error', messageOf(error));
      }
    }
  }

  /** Takes back what was staged for a person that is gone and is in no directory yet. */
  forget(person: Person): void {
    const { exports } = this.#dependencies;
    for (const add of exports.addsOf(person.id)) exports.remove(add.id);
  }

  stageDelete({ agent, partition, id: connector, person, link }: SpaceObject): void {
    const former = person === undefined || link === undefined ? undefined : { person, link };
    this.#dependencies.exports.stage({
      operation: 'delete',
      agent,
      partition,
      connector,
      former,
      changes: {},
    });
  }

  /** An object that belongs to somebody again must not be deleted by the export that is still to come. */
  withdrawDelete(connector: ConnectorId): void {
    const { exports } = this.#dependencies;
    const staged = exports.ofConnector(connector);
    if (staged?.operation === 'delete' && staged.stage === 'pending') exports.remove(staged.id);
  }

  /** Whether the person's own object is still to be deleted or on its way out, so that no second one is made. */
  #regain(
    agent: Agent,
    { person, connectors }: Mapped,
    subject: Subject,
    { regained }: OutboundPlaces,
  ): boolean {
    const { exports, rules } = this.#dependencies;
    const deletion = exports.deleteFor(agent.id, person.id);
    if (deletion === undefined) return false;
    const isWanted =
      agent.kind === 'entsso'
        ? mappedIdentityOf(agent, connectors, rules().agents) !== undefined
        : agent.provision !== undefined && this.#isWanted(agent, subject);
    if (isWanted && deletion.stage === 'pending') regained(deletion);
    // What the directory deleted is made again once an import shows that it is gone.
    return isWanted;
  }

  /** The join rules have found the person an object meanwhile: a second one must not be made. */
  #withdrawAdd(agent: Agent, person: Person): void {
    const { exports } = this.#dependencies;
    const staged = exports.addFor(agent.id, person.id);
    if (staged?.stage === 'pending') exports.remove(staged.id);
  }

  #isWanted({ provision }: Agent, subject: Subject): boolean {
    if (provision?.when === undefined) return true;
    return this.#dependencies.rules().expressions.compile(provision.when).holds(subject);
  }

  #provision(
    agent: Agent,
    person: Person,
    subject: Subject,
    { statistics }: SynchronizationReport,
    fail: (word: RunErrorWord, detail: string) => void,
  ): void {
    const { exports, space, rules } = this.#dependencies;
    const { provision } = agent;
    if (provision === undefined) return;
    const staged = exports.addFor(agent.id, person.id);
    if (!this.#isWanted(agent, subject)) {
      if (staged?.stage === 'pending') exports.remove(staged.id);
      return;
    }
    // What the directory took already waits for the import that shows it.
    if (staged?.stage === 'exported') return;
    const [dn] = rules().expressions.compile(provision.dn).values(subject);
    const place = dn === undefined ? undefined : placeOf(agent, dn);
    if (dn === undefined || place === undefined) {
      fail('invalid-provisioning-attribute-value', `"${dn ?? ''}" is no name inside ${agent.name}`);
      return;
    }
    const rival = exports.addNamed(agent.id, place.foldedDn);
    if (space.findByDn(agent.id, dn) !== undefined || (rival !== undefined && rival.id !== staged?.id)) {
      fail('cd-existing-object', `${dn} is taken by another object`);
      return;
    }
    const changes = this.#desired(agent.exportFlow, subject);
    const { objectClasses } = provision;
    const wanted = { agent: agent.id, partition: place.partition, person: person.id, dn, objectClasses };
    if (staged === undefined) statistics.provisioningAdds += 1;
    exports.stage({ operation: 'add', ...wanted, changes: filled(changes) });
  }

  #flow(
    agent: Agent,
    object: SpaceObject,
    subject: Subject,
    { statistics }: SynchronizationReport,
    fail: (word: RunErrorWord, detail: string) => void,
  ): void {
    const { exports } = this.#dependencies;
    const staged = exports.ofConnector(object.id);
    if (staged?.operation === 'delete') return;
    const desired = this.#desired(
      agent.exportFlow.filter(({ initialOnly }) => !initialOnly),
      subject,
    );
    const changes = differences(desired, object.attributes);
    const newDn = this.#newName(agent, object, subject, fail);
    this.#stageUpdate(object, { staged, changes, newDn }, statistics);
  }

  /** Single sign-on: what is mapped follows from the person's other objects, not from its attributes. */
  #map(
    agent: SsoAgent,
    { person, object, connectors }: Mapped,
    { unwanted }: OutboundPlaces,
    { statistics }: SynchronizationReport,
    fail: (word: RunErrorWord, detail: string) => void,
  ): void {
    const { exports, space, rules } = this.#dependencies;
    const identity = mappedIdentityOf(agent, connectors, rules().agents);
    const staged =
      object === undefined ? exports.addFor(agent.id, person.id) : exports.ofConnector(object.id);
    if (object === undefined) {
      const changes = identity === undefined ? undefined : firstMappings(agent, identity);
      if (identity === undefined || changes === undefined) {
        if (staged !== undefined) exports.remove(staged.id);
        return;
      }
      const { dn, partition } = identity;
      const rival = exports.addNamed(agent.id, foldDn(dn) ?? '');
      if (space.findByDn(agent.id, dn) !== undefined || (rival !== undefined && rival.id !== staged?.id)) {
        fail('cd-existing-object', `${dn} is taken by another object`);
        return;
      }
      if (staged === undefined) statistics.provisioningAdds += 1;
      const objectClasses = ['ssoUser'];
      exports.stage({
        operation: 'add',
        agent: agent.id,
        partition,
        person: person.id,
        dn,
        objectClasses,
        changes,
      });
      return;
    }
    if (identity === undefined) {
      if (agent.mappings?.deleteAll) unwanted(object);
      return;
    }
    const changes = changedMappings(agent, identity, object.attributes);
    const newDn = foldDn(identity.dn) === foldDn(object.dn) ? undefined : identity.dn;
    this.#stageUpdate(object, { staged, changes, newDn }, statistics);
  }

  /** Stages what an object lacks; takes back what was staged where it lacks nothing any more. */
  #stageUpdate(
    object: SpaceObject,
    { staged, changes, newDn }: Update,
    statistics: SynchronizationStatistics,
  ): void {
    const { exports } = this.#dependencies;
    if (Object.keys(changes).length === 0 && newDn === undefined) {
      if (staged !== undefined) exports.remove(staged.id);
      return;
    }
    if (staged?.operation === 'update' && staged.newDn === newDn && isSame(staged.changes, changes)) return;
    statistics.exportAttributeFlows += 1;
    const { agent: id, partition } = object;
    exports.stage({ operation: 'update', agent: id, partition, connector: object.id, newDn, changes });
  }

  #newName(
    agent: Agent,
    object: SpaceObject,
    subject: Subject,
    fail: (word: RunErrorWord, detail: string) => void,
  ): string | undefined {
    if (agent.provision === undefined || object.link !== 'provisioning') return undefined;
    const [dn] = this.#dependencies.rules().expressions.compile(agent.provision.dn).values(subject);
    if (dn === undefined || foldDn(dn) === foldDn(object.dn)) return undefined;
    if (placeOf(agent, dn)?.partition === object.partition) return dn;
    fail('invalid-dn', `${object.dn} cannot be renamed to ${dn}: that is outside its partition`);
    return undefined;
  }

  #desired(flows: readonly ExportFlow[], subject: Subject): Attributes {
    const { expressions } = this.#dependencies.rules();
    const desired: Record<string, readonly string[]> = {};
    for (const { person, expression, connector, allowNull } of flows) {
      const values =
        expression === undefined
          ? valuesOf(subject.attributes, person ?? '')
          : expressions.compile(expression).values(subject);
      if (values.length > 0) desired[connector] = [...values].sort();
      else if (allowNull) desired[connector] ??= [];
    }
    return desired;
  }
}

function isWritten(agent: Agent): boolean {
  if (agent.kind === 'entsso') return agent.mappings !== undefined;
  return agent.exportFlow.length > 0 || agent.provision !== undefined;
}
