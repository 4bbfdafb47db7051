/** Does a request only ask for something? Anything else may have an effect. */
export const isRead = ({ method }: Pick<Request, 'method'>): boolean => method === 'GET' || method === 'HEAD';
