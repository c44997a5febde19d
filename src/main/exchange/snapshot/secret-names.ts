/** Names that sound like a secret; each text or object of the configuration that has one is judged below. */
export const secretSound = /passw|secret|key|token|credential|keytab|private|passphrase|\bpin\b|salt/i;

/**
 * What properties with such a name really hold. `plain`: a setting, a file's place or an attribute's name, exported
 * as it is. `secret`: exported as "set" or "not set" and never restored. The configuration holds no secret of its
 * own, and this list is the second lock on that door.
 */
export const secretNames: Readonly<Record<string, 'plain' | 'secret'>> = {
  keyKeeper: 'plain',
  passwordSync: 'plain',
  'agents[].passwordExtension': 'plain',
  'agents[].passwordMethod': 'plain',
  'singleSignOn.listen.keytab': 'plain',
  'singleSignOn.listen.keyFile': 'plain',
  'channel.keytab': 'plain',
  'channel.keyFile': 'plain',
  'remote.keytab': 'plain',
  'remote.keyFile': 'plain',
  'agents[].connection.keytab': 'plain',
  'agents[].connection.authentication.keytab': 'plain',
  'agents[].partitions[].passwordSource': 'plain',
  'agents[].password': 'plain',
  'singleSignOn.system.masterSecretServer': 'plain',
  'singleSignOn.system.passwordSync': 'plain',
};

/** A property that sounds like a secret and is not in the list counts as one. */
export function isSecret(place: string): boolean {
  const verdict = secretNames[place];
  if (verdict !== undefined) return verdict === 'secret';
  return secretSound.test(place.slice(place.lastIndexOf('.') + 1));
}
