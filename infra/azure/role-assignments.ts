import { RoleAssignment } from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';
import { type Principal } from './principal';
import { CONDITION_VERSION, type RequestedRoleAssignment } from './role-request';
import { roleDefinitionId, type BuiltInRole } from './roles';
import { stableGuid } from './stable-guid';

/** A role that somebody needs. */
export interface RoleNeed {
  readonly role: BuiltInRole;
  readonly principalId: pulumi.Input<string>;
  /** @default ServicePrincipal */
  readonly principalType?: Principal['principalType'];
  /** Resource id, as narrow as the role allows. */
  readonly scope: pulumi.Input<string>;
  /** The scope in words that are known before it exists, such as `myorgdev`; the name of the assignment is derived from it. */
  readonly scopeName: string;
  /** Subscription of the scope, in which Azure names the definition of the role. */
  readonly subscriptionId: string;
  /** What the role is limited to. @default - nothing */
  readonly condition?: string;
  /** Who it is and what for, as the assignment's description. */
  readonly why: string;
}

/** A role assignment to ask another team for, as far as it is known. */
export type RoleRequest = Readonly<{
  [Field in keyof RequestedRoleAssignment]: pulumi.Input<NonNullable<RequestedRoleAssignment[Field]>>;
}>;

export interface RoleAssignmentsProps {
  /** `external` makes none and keeps what has to be requested. */
  readonly mode: 'managed' | 'external';
}

/** The one place where roles are assigned, or put on the list for those who may. */
export class RoleAssignments {
  private readonly needs: RoleRequest[] = [];

  public constructor(private readonly props: RoleAssignmentsProps) {}

  /** What another team has to assign; empty where this stack does. */
  public get requested(): readonly RoleRequest[] {
    return this.needs;
  }

  /**
   * Assigns a role.
   *
   * @param name logical name of the resource, unique in the stack
   * @returns what has to be there before the role can be used; nothing where another team assigns it
   */
  public assign(name: string, need: RoleNeed, parent: pulumi.Resource): readonly pulumi.Resource[] {
    const { role, principalId, principalType = 'ServicePrincipal', scope, scopeName, subscriptionId, condition, why } = need;
    const limit = condition === undefined ? {} : { condition };
    if (this.props.mode === 'external') {
      this.needs.push({ role: role.name, principalId, principalType, scope, ...limit, why });
      return [];
    }
    const assignment = new RoleAssignment(
      name,
      {
        roleAssignmentName: stableGuid(`${scopeName}/${name}`),
        roleDefinitionId: roleDefinitionId(subscriptionId, role),
        principalId,
        // Said, so that Azure does not look for an identity that was made a second ago and is not everywhere yet.
        principalType,
        scope,
        description: why,
        ...limit,
        ...(condition === undefined ? {} : { conditionVersion: CONDITION_VERSION }),
      },
      // The name stays when the principal changes, and Azure never changes the principal of an assignment.
      { parent, deleteBeforeReplace: true },
    );
    return [assignment];
  }
}
