import type { Auth, DocumentByName, GenericDatabaseWriter, GenericDataModel, UserIdentity } from 'convex/server';
import { ConvexError, type GenericId } from 'convex/values';
import { asIssuer, clerkIssuer } from '../../config/clerkIssuer.ts';
import type { StoreUserErrorCode, StoreUserErrorData } from '../../core/storeUserError.ts';
import type { DefaultUsersTable, LibraryDatabase, OwnUserFields, UsersTableName } from './dataModel.ts';
import { userRules } from './userRules.ts';
import { findUser, writeUser } from './writeUser.ts';

/** Where `storeUser` says what it does: `console`, or a logger of the app's own. */
export interface StoreUserLogger {
  info(message: string, details: StoreUserLogDetails): void;
  warn(message: string, details: StoreUserLogDetails): void;
}

/** Holds no personal data: no id of a user, no e-mail address, no name. */
export interface StoreUserLogDetails {
  readonly hasIdentity: boolean;
  readonly code?: StoreUserErrorCode;
}

/** Options of `storeUser`. */
export interface StoreUserOptions<DataModel extends GenericDataModel, Table extends UsersTableName<DataModel>> {
  /**
   * The table, made with `usersTable`.
   * @defaultValue 'users'
   */
  readonly table?: Table | undefined;
  /**
   * The Frontend API URL of the Clerk instance: an identity of another issuer is refused with `WRONG_PROVIDER`.
   * @defaultValue `CLERK_JWT_ISSUER_DOMAIN`, else `CLERK_FRONTEND_API_URL` of the deployment. Where neither is set, any issuer
   * whose subject looks like an id of Clerk's (`user_…`), but none that is not the one in the row.
   */
  readonly issuer?: string | undefined;
  /**
   * The app's own fields, from the identity and the row that there is. They are written whenever they differ; one that is
   * undefined is left as it is.
   */
  readonly fields?:
    | ((identity: UserIdentity, row: DocumentByName<DataModel, Table> | null) => OwnUserFields<DataModel, Table>)
    | undefined;
  /**
   * Two lines for each call, without personal data. `null` for none.
   * @defaultValue console
   */
  readonly logger?: StoreUserLogger | null | undefined;
}

/**
 * Makes or renews the row of the user who calls, in the mutation's own transaction, and answers its id. Writes only what
 * has changed. Throws a `ConvexError` whose data is `StoreUserErrorData`; `isStoreUserError` tells it from others.
 */
export async function storeUser<
  DataModel extends GenericDataModel,
  Table extends UsersTableName<DataModel> = DefaultUsersTable<DataModel>,
>(
  ctx: { readonly auth: Auth; readonly db: GenericDatabaseWriter<DataModel> },
  options: StoreUserOptions<DataModel, Table> = {},
): Promise<GenericId<Table>> {
  const { table = 'users', fields, logger = console } = options;
  const db = ctx.db as unknown as LibraryDatabase;
  const identity = await ctx.auth.getUserIdentity();
  const hasIdentity = identity !== null;
  logger?.info('[clerk-convex-resilience] storeUser attempting', { hasIdentity });
  const refuse = (code: StoreUserErrorCode, message: string): ConvexError<StoreUserErrorData> => {
    logger?.warn(`[clerk-convex-resilience] storeUser refused: ${message}`, { hasIdentity, code });
    return new ConvexError({ source: 'clerk-convex-resilience', code, message });
  };

  if (!identity) {
    throw refuse(
      'NO_IDENTITY',
      'There is no identity: the call came before Convex had accepted a token, or after a sign-out. Call it once useConvexAuth() says isAuthenticated.',
    );
  }
  const issuer = clerkIssuer(options.issuer);
  if (issuer !== undefined ? asIssuer(identity.issuer) !== issuer : !identity.subject.startsWith('user_')) {
    throw refuse('WRONG_PROVIDER', wrongProvider(identity, issuer));
  }
  const row = await findUser(db, table, identity.subject);
  // Who may say which subjects there are is not known here, so that the first issuer of a row stays its only one.
  if (issuer === undefined && row?.tokenIdentifier && row.tokenIdentifier !== identity.tokenIdentifier) {
    throw refuse('WRONG_PROVIDER', wrongProvider(identity, 'the one that its row was made by'));
  }
  if (row?.deletedAt !== undefined) {
    throw refuse('USER_DELETED', 'Clerk has deleted this user. The token is of before and ends by itself: sign out.');
  }

  const own = Object.entries(fields?.(identity, row as DocumentByName<DataModel, Table> | null) ?? {}).filter(
    ([, value]) => value !== undefined,
  );
  const change = { ...Object.fromEntries(own), ...userRules.login(row, identity) };
  const { id, outcome } = await writeUser(db, table, row, change);
  logger?.info(`[clerk-convex-resilience] storeUser ${outcome}`, { hasIdentity });
  return id as string as GenericId<Table>;
}

const wrongProvider = ({ issuer }: UserIdentity, expected = 'a Clerk instance, whose subjects begin with user_') =>
  `The identity was issued by ${issuer}, and was expected of ${expected}. Set CLERK_JWT_ISSUER_DOMAIN of the deployment (npx convex env set), or the option issuer, to the Frontend API URL of your Clerk instance; the provider in auth.config.ts must be the same.`;
