export const noAccident: string;
export function mayBeAccident(complaint: string): boolean;
