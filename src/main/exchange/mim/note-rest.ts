import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';

/** Notes what of an agent's file has no place here, so that the report speaks of every page of its properties. */
export function noteRest(data: XmlElement, notes: MappingNotes): void {
  const extension = textAt(data, 'extension/assembly-name');
  if (extension !== '') notes.kept('Rules extension', `${extension} cannot run here`);
  const account = textAt(data, 'controller-configuration/impersonation/user');
  if (account !== '')
    notes.kept('Run as', `${textAt(data, 'controller-configuration/impersonation/domain')}\\${account}`);
  if (textAt(data, 'controller-configuration/application-protection') === 'high')
    notes.kept('Run in a separate process', 'agents run inside the service');
  const selected = elementsOf(elementAt(data, 'attribute-inclusion'), 'attribute').length;
  if (selected > 0)
    notes.approximated(
      'Selected attributes',
      `${selected} there; here the ones that a rule reads are imported`,
    );
  const levels = elementsOf(elementAt(data, 'component_mappings'), 'mapping').length;
  if (levels > 0) notes.kept('Provisioning hierarchy', 'the name of a new object is an expression here');
  if (elementAt(data, 'schema') !== undefined)
    notes.kept('Schema', 'it is read from the connected system itself');
}
