import type {
  DataModelFromSchemaDefinition,
  DocumentByName,
  GenericDatabaseWriter,
  GenericDataModel,
  SchemaDefinition,
  TableNamesInDataModel,
  WithoutSystemFields,
} from 'convex/server';
import type { clerkWebhookTables } from './clerkWebhookTables.ts';
import type { UserFields, UsersTable } from './usersTable.ts';

/** The tables of an app's data model that were made with `usersTable`. Any, where the app has no generated types. */
export type UsersTableName<DataModel extends GenericDataModel> =
  string extends TableNamesInDataModel<DataModel>
    ? TableNamesInDataModel<DataModel>
    : {
        [Table in TableNamesInDataModel<DataModel>]: DataModel[Table] extends {
          document: UserFields;
          indexes: { by_clerkId: string[]; by_tokenIdentifier: string[] };
        }
          ? Table
          : never;
      }[TableNamesInDataModel<DataModel>];

/** `users`, where the app calls its table so. */
export type DefaultUsersTable<DataModel extends GenericDataModel> = 'users' & UsersTableName<DataModel>;

/** The app's own fields of its table of users. */
export type OwnUserFields<DataModel extends GenericDataModel, Table extends UsersTableName<DataModel>> = Partial<
  Omit<WithoutSystemFields<DocumentByName<DataModel, Table>>, keyof UserFields>
>;

/** Any type, where the schema has the tables; else the words that a type error shows. */
export type WithWebhookTables<DataModel extends GenericDataModel> =
  keyof typeof clerkWebhookTables extends TableNamesInDataModel<DataModel>
    ? unknown
    : 'The schema has no ...clerkWebhookTables';

/** What this library sees of an app's tables; the one of users may have another name. */
export type LibraryDataModel = DataModelFromSchemaDefinition<
  SchemaDefinition<{ users: UsersTable } & typeof clerkWebhookTables, true>
>;
export type LibraryDatabase = GenericDatabaseWriter<LibraryDataModel>;
export type UserDocument = DocumentByName<LibraryDataModel, 'users'>;
