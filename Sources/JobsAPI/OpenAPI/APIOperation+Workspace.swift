// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension APIOperation {
    static let workspace = [
        APIOperation(
            .post, "workspace/import", "Workspace", "WorkspaceImport", "Import a notebook",
            takes: WorkspaceImportRequest.self, statuses: [404],
            """
            Also as multipart/form-data with the parts path, format, language, overwrite and content. Every import keeps \
            a revision; jobs that name a revision_timestamp run the one that was in force then.
            """),
        APIOperation(
            .get, "workspace/export", "Workspace", "WorkspaceExport", "Export a notebook",
            takes: WorkspaceExportRequest.self, answers: "WorkspaceExportResponse", statuses: [404],
            "With direct_download the answer is the file itself."),
        APIOperation(
            .get, "workspace/list", "Workspace", "WorkspaceList", "List a directory", takes: WorkspacePathRequest.self,
            answers: "WorkspaceListResponse", statuses: [404]),
        APIOperation(
            .get, "workspace/get-status", "Workspace", "WorkspaceGetStatus", "Look at a notebook or directory",
            takes: WorkspacePathRequest.self, answers: "WorkspaceObject", statuses: [404]),
        APIOperation(
            .post, "workspace/mkdirs", "Workspace", "WorkspaceMakeDirectories", "Make a directory with those above it",
            takes: WorkspacePathRequest.self),
        APIOperation(
            .post, "workspace/delete", "Workspace", "WorkspaceDelete", "Delete a notebook or directory",
            takes: WorkspacePathRequest.self, statuses: [404], "All revisions of a notebook go with it."),
    ]

    static let secrets = [
        APIOperation(
            .post, "secrets/scopes/create", "Secrets", "CreateScope", "Make a secret scope",
            takes: CreateScopeRequest.self),
        APIOperation(
            .post, "secrets/scopes/delete", "Secrets", "DeleteScope", "Delete a scope with its secrets",
            takes: ScopeRequest.self, statuses: [404]),
        APIOperation(
            .get, "secrets/scopes/list", "Secrets", "ListScopes", "List scopes", takes: EmptyRequest.self,
            answers: "ListScopesResponse"),
        APIOperation(
            .post, "secrets/put", "Secrets", "PutSecret", "Write a secret", takes: PutSecretRequest.self,
            statuses: [404], "No endpoint answers the value; jobs get it."),
        APIOperation(
            .post, "secrets/delete", "Secrets", "DeleteSecret", "Delete a secret", takes: SecretRequest.self,
            statuses: [404]),
        APIOperation(
            .get, "secrets/list", "Secrets", "ListSecrets", "List the secrets of a scope", takes: ScopeRequest.self,
            answers: "ListSecretsResponse", statuses: [404]),
        APIOperation(
            .post, "secrets/acls/put", "Secrets", "PutSecretACL", "Say what somebody may do with a scope",
            takes: PutSecretACLRequest.self, statuses: [404]),
        APIOperation(
            .get, "secrets/acls/get", "Secrets", "GetSecretACL", "What somebody may do with a scope",
            takes: SecretACLRequest.self, answers: "SecretACL", statuses: [404]),
        APIOperation(
            .get, "secrets/acls/list", "Secrets", "ListSecretACLs", "Who may do what with a scope",
            takes: ScopeRequest.self, answers: "ListSecretACLsResponse", statuses: [404]),
        APIOperation(
            .post, "secrets/acls/delete", "Secrets", "DeleteSecretACL", "Take somebody's permission away",
            takes: SecretACLRequest.self, statuses: [404]),
    ]
}
