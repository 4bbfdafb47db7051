import { ClerkProvider, useAuth, useUser } from '@clerk/react';
import { mountUsers, type UsersKit } from './mountUsers.tsx';

mountUsers({ ClerkProvider, useAuth, useUser } as unknown as UsersKit);
