import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface Dns {
  /** How names that match are answered: with their address, "there is no such name", "I could not find out", or not at all. */
  answer(how: DnsAnswer): void;
  /** Names that were asked for while the answer was not their address. */
  readonly denied: readonly string[];
  close(): void;
}

type DnsAnswer = 'address' | 'nxdomain' | 'servfail' | 'silence';
const codes: Record<DnsAnswer, number> = { address: 0, nxdomain: 3, servfail: 2, silence: 0 };

/** A DNS server on port 53 of this address. `addressOf`: the IPv4 address of a name; `deniable`: the names that `answer` is about. */
export async function openDns({
  address,
  addressOf,
  deniable,
}: {
  address: string;
  addressOf: (name: string) => string | undefined;
  deniable: (name: string) => boolean;
}): Promise<Dns> {
  let how: DnsAnswer = 'address';
  const denied: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    const treated = deniable(name) ? how : 'address';
    if (treated !== 'address') denied.push(name);
    if (treated === 'silence') return;
    const ip = treated === 'address' && type === 1 ? addressOf(name) : undefined;
    // The query again as its own answer (RFC 1035): flags, one question, no or one answer.
    const answer = Buffer.from(query.subarray(0, end));
    answer.writeUInt16BE(0x8180 | codes[treated], 2);
    answer.writeUInt16BE(ip ? 1 : 0, 6);
    answer.writeUInt32BE(0, 8);
    socket.send(ip ? Buffer.concat([answer, record(ip)]) : answer, from.port, from.address);
  });
  socket.on('error', () => {}); // an answer to a network that is gone
  socket.bind(53, address);
  await once(socket, 'listening');
  return {
    answer(next) {
      how = next;
    },
    denied,
    close: () => socket.close(),
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** An A record for the name in the question, to be kept for no time. */
function record(ip: string): Buffer {
  const head = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
  return Buffer.concat([head, Buffer.from(ip.split('.').map(Number))]);
}
