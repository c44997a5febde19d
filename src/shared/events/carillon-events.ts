import type { EventEntry } from './event-definition.ts';

/** What the predecessors had no number for: 7000 to 7019 changes and deliveries, 7020 to 7029 capture, 7030 to 7049 the service, 7050 on the store. */
export const carillonEvents: readonly EventEntry[] = [
  {
    number: 7001,
    severity: 'warning',
    title: 'Change was not captured',
    meaning:
      'The directory shows a newer password of the account than any change that was captured. No target has it.',
    cause:
      'The password was changed on a domain controller without capture, or while capture did not run there.',
    fix: 'Install or start capture on the domain controller that the event names, and have the password set again.',
  },
  {
    number: 7002,
    severity: 'error',
    title: 'Target does not answer',
    meaning:
      'Several attempts in a row did not reach the target, or it turned the agent away. Its deliveries wait without using up their attempts until it answers again.',
    cause:
      'The target is stopped or overloaded, the network between is interrupted, or the sign-in of the agent fails.',
    fix: 'Bring the target back, or mend the sign-in. It is asked again and again, and its deliveries go on by themselves.',
  },
  {
    number: 7003,
    severity: 'information',
    title: 'Target answers again',
    meaning: 'The target answered a probe, and its deliveries go on.',
    cause: 'The target or the network came back.',
    fix: 'Nothing is to be done.',
  },
  {
    number: 7005,
    severity: 'error',
    title: 'Delivery expired',
    meaning:
      'The delivery waited longer than a change may, and its password is erased. The target has an older password.',
    cause: 'The target was down or held, or the delivery was parked, for all that time.',
    fix: 'Have the person set the password again once the target takes passwords.',
    retried: false,
  },
  {
    number: 7006,
    severity: 'information',
    title: 'Delivery superseded',
    meaning: 'A newer change of the same person took the place of this delivery before it ended.',
    cause: 'The person changed the password again.',
    fix: 'Nothing is to be done.',
    retried: false,
  },
  {
    number: 7007,
    severity: 'information',
    title: 'Delivery cancelled',
    meaning:
      'An administrator ended the delivery, and its password is erased. The target has an older password.',
    cause: 'It was cancelled, or the queue of the target was purged.',
    fix: 'Nothing is to be done.',
    retried: false,
  },
  {
    number: 7008,
    severity: 'information',
    title: 'Echo damped',
    meaning:
      'The change carries the password that was written to this very object a moment ago, so it is not passed on.',
    cause: 'The object is a target and a source, and its directory reported the write as a change.',
    fix: 'Nothing is to be done.',
    retried: false,
  },
  {
    number: 7009,
    severity: 'warning',
    title: 'New password not proven',
    meaning:
      'The target said that it set the password, and then did not accept it. The delivery is tried again.',
    cause:
      'Another server of the target answered before it had the change, or another writer came in between.',
    fix: 'Check the replication of the target if it happens often.',
    retried: true,
  },
  {
    number: 7010,
    severity: 'error',
    title: 'Daily limit reached',
    meaning: 'The partition sent as many changes in 24 hours as it may. This change is refused.',
    cause: 'A program changes passwords in bulk, or the limit is too low.',
    fix: 'Find out what changes so many passwords, or raise the limit, and have the person set the password again.',
    retried: false,
  },
  {
    number: 7011,
    severity: 'warning',
    title: 'Change of an unknown object',
    meaning: 'No object of the source agent has this identity, and its directory shows none either.',
    cause: 'The account lies outside the containers that the agent imports, or was deleted since.',
    fix: 'Check the containers of the partition, or exclude the account on the domain controllers.',
    retried: false,
  },
  {
    number: 7012,
    severity: 'warning',
    title: 'No joined target',
    meaning: 'The person has no object in any target of the partition, so the change goes nowhere.',
    cause: 'The account in the target is missing, was not imported yet, or no join rule finds the person.',
    fix: 'Import the target agent, and look at the join rules with the explanation of this account.',
    retried: false,
  },
  {
    number: 7013,
    severity: 'warning',
    title: 'Account locked in the target',
    meaning: 'The target does not let the password of a locked account be set. The delivery is tried again.',
    cause: 'Too many sign-ins with a wrong password, and the agent does not unlock.',
    fix: 'Unlock the account, or let the agent unlock accounts when it sets passwords.',
    retried: true,
  },
  {
    number: 7014,
    severity: 'error',
    title: 'Sealed password does not open',
    meaning:
      'The sealed password does not belong to this delivery or to any key at hand. The delivery is parked.',
    cause: 'The database was altered or restored without its keys.',
    fix: 'Restore the keys and release the delivery, or cancel it and have the person set the password again.',
    retried: false,
  },
  {
    number: 7015,
    severity: 'warning',
    title: 'Object is not joined',
    meaning: 'The object is in the connector space but belongs to no person, so the change goes nowhere.',
    cause: 'No join rule finds a person for it, and the agent does not project.',
    fix: 'Look at the attributes that the join rules compare, or let the agent project.',
    retried: false,
  },
  {
    number: 7016,
    severity: 'warning',
    title: 'Late write put right',
    meaning: 'An older password reached the target after the newer one, and the newer one was set again.',
    cause: 'An attempt whose end was unknown was carried out late by the target.',
    fix: 'Nothing is to be done. Raise the operation timeout of the target if it happens often.',
  },
  {
    number: 7020,
    severity: 'information',
    title: 'Directory refused the change',
    meaning:
      'The hook saw a new password that the directory then did not keep. It is forgotten and never travels.',
    cause: 'The password is in the history, or the transaction failed.',
    fix: 'Nothing is to be done.',
  },
  {
    number: 7021,
    severity: 'warning',
    title: 'Change could not be told apart',
    meaning: 'The password of the account moved on before this change was seen to be kept. It is forgotten.',
    cause: 'Two changes of one account came faster than the directory could be asked.',
    fix: 'Nothing is to be done: the newer change travels.',
  },
  {
    number: 7022,
    severity: 'information',
    title: 'Newer change took the place',
    meaning: 'A newer change of the account took the place of one that waited on the domain controller.',
    cause: 'The person changed the password again before the target took the first change.',
    fix: 'Nothing is to be done.',
    retried: false,
  },
  {
    number: 7023,
    severity: 'error',
    title: 'Hook is not asked',
    meaning: 'The domain controller takes new passwords without asking the hook, so no change is captured.',
    cause:
      'The hook is not in smb.conf, or the domain does not want complex passwords: Samba asks it only then.',
    fix: 'Run carillon capture install and restart Samba; switch complexity on, and the rule off in the hook if it is not wanted.',
  },
  {
    number: 7050,
    severity: 'warning',
    title: 'Delivery parked after a restore',
    meaning:
      'The store was restored from a backup. Deliveries in it may be older than what the targets have.',
    cause: 'An administrator restored the store.',
    fix: 'Release what the targets still need, and cancel the rest.',
    retried: false,
  },
];
