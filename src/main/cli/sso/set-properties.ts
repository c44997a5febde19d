import { AppError } from '#shared/model/app-error.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';

import type { Session } from '../session.ts';
import { formatFacts, parseYesNo, type SsoVerb, yesNo } from './sso-verb.ts';

type NotificationSettings = {
  -readonly [Setting in
    | 'retryCount'
    | 'retryDelay'
    | 'maxPending'
    | 'storeNotifications']: SsoAdapter[Setting];
};

/** Properties that every adapter has, by their labels; the words in files for ssops name them too. */
const notificationSettings = [
  ['Notification retry count', 'notificationRetryCount', 'retryCount'],
  ['Notification retry delay (in mins)', 'notificationRetryDelay', 'retryDelay'],
  ['Maximum pending notifications', 'maxPendingNotifications', 'maxPending'],
  ['Store notifications (when offline)', 'storeNotifications', 'storeNotifications'],
] as const;

/** `-setprops`: the properties that every adapter has, and those that only this one knows. */
export function setProperties(find: (session: Session, name: string) => Promise<SsoAdapter>): SsoVerb {
  return {
    name: 'setprops',
    usage: '<adapter> [<property>=<value> ...]',
    summary:
      'Show the properties of an adapter, or set them: "notification retry count=3", or one of its own, which an empty value takes away',
    takes: [1, 64],
    async run(session, [name = '', ...assignments]) {
      const adapter = await find(session, name);
      const settings: Partial<NotificationSettings> = {};
      const properties = { ...adapter.properties };
      for (const assignment of assignments) {
        const equals = assignment.indexOf('=');
        if (equals < 1)
          throw new AppError('invalid_input', `"${assignment}" has not the form property=value`);
        const [key, value] = [assignment.slice(0, equals).trim(), assignment.slice(equals + 1)];
        const setting = findSetting(key);
        if (setting === 'storeNotifications') settings[setting] = parseYesNo(value);
        else if (setting !== undefined) settings[setting] = parseCount(key, value);
        else if (value === '') delete properties[key];
        else properties[key] = value;
      }
      const changes = { ...settings, properties };
      if (assignments.length > 0)
        await session.withService((client) =>
          client.call('sso.updateAdapters', { updates: [{ name: adapter.name, changes }] }),
        );
      const { retryCount, retryDelay, maxPending, storeNotifications } = { ...adapter, ...settings };
      const now = { retryCount, retryDelay, maxPending, storeNotifications };
      session.print({ ...now, properties }, () =>
        formatFacts([
          ...notificationSettings.map(([label, , setting]) => [label, written(now[setting])] as const),
          ...Object.entries(properties),
        ]),
      );
    },
  };
}

function findSetting(key: string): (typeof notificationSettings)[number][2] | undefined {
  const fold = (text: string): string => text.replace(/\(.*\)|\s/g, '').toLowerCase();
  return notificationSettings.find((names) => names.some((each) => fold(each) === fold(key)))?.[2];
}

function written(value: number | boolean): string | number {
  return typeof value === 'boolean' ? yesNo(value) : value;
}

function parseCount(key: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new AppError('invalid_input', `${key}: "${value}" is not a whole number`);
}
