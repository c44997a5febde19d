import type { ApplicationType } from '#shared/model/sso-application.ts';

export const typeWords: Readonly<Record<ApplicationType, string>> = {
  individual: 'Individual',
  group: 'Group',
  'host-group': 'Host Group',
};
