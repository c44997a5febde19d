import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { deskContract } from '#shared/contract/desk-contract.ts';
import { serversContract } from '#shared/contract/servers-contract.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Port } from '#shared/rpc/port.ts';

// The contracts with all their schemas: loaded behind the first screen, which needs none of them.

export const connectCarillon = (port: Port): Client<CarillonContract> => connect(carillonContract, port);

export const connectDesk = (port: Port) => connect(deskContract, port);

export const connectServers = (port: Port) => connect(serversContract, port);
