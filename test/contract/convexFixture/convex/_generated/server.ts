import {
  type ActionBuilder,
  actionGeneric,
  type DataModelFromSchemaDefinition,
  httpActionGeneric,
  internalMutationGeneric,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from 'convex/server';
import type schema from '../schema';

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
export const query = queryGeneric as QueryBuilder<DataModel, 'public'>;
export const mutation = mutationGeneric as MutationBuilder<DataModel, 'public'>;
export const internalMutation = internalMutationGeneric as MutationBuilder<DataModel, 'internal'>;
export const action = actionGeneric as ActionBuilder<DataModel, 'public'>;
export const httpAction = httpActionGeneric;
