/**
 * What an `Accept…` header lists, in small letters and the best liked first (RFC 9110, 12.4.2): of equal weights the one that is written
 * first, and nothing of weight 0, which says "not this".
 */
export function readWeights(header: string | null): readonly { readonly name: string; readonly weight: number }[] {
  return (header ?? '')
    .slice(0, 500) // nobody likes so many things
    .split(',')
    .map((each) => {
      const [name = '', ...parameters] = each.trim().toLowerCase().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
      return { name: name.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
}
