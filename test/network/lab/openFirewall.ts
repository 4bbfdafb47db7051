import { run } from './run.ts';

/** Drops or rejects packets that come in through one device, with nftables. */
export interface Firewall {
  /** To one address: lost without a word. */
  drop(address: string): Promise<void>;
  /** To one address: refused by ICMP "host unreachable". */
  reject(address: string): Promise<void>;
  /** Loses so many in a hundred packets, whatever they are for. */
  lose(percent: number): Promise<void>;
  /** Lets all through again. */
  open(): Promise<void>;
  /** How many packets the rule at work has hit. */
  hits(): Promise<number>;
}

export async function openFirewall(device: string): Promise<Firewall> {
  const table = ['inet', `lab_${device}`];
  await run('nft', 'add', 'table', ...table);
  await run('nft', 'add', 'chain', ...table, 'input', '{ type filter hook input priority 0; }');
  const rule = async (...words: readonly string[]): Promise<void> => {
    await run('nft', 'add', 'rule', ...table, 'input', 'iifname', device, ...words);
  };
  return {
    drop: (address) => rule('ip', 'daddr', address, 'counter', 'drop'),
    reject: (address) => rule('ip', 'daddr', address, 'counter', 'reject', 'with', 'icmp', 'host-unreachable'),
    lose: (percent) => rule('numgen', 'random', 'mod', '100', '<', String(percent), 'counter', 'drop'),
    open: async () => void (await run('nft', 'flush', 'chain', ...table, 'input')),
    async hits() {
      const text = await run('nft', 'list', 'chain', ...table, 'input');
      return [...text.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
    },
  };
}
