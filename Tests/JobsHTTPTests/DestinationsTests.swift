// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import JobsJSON
import Testing

@Suite("F2: notification destinations")
struct DestinationsTests {
    private let webhook =
        #"{"display_name":"ops","config":{"generic_webhook":{"url":"https://example.com/h","username":"u","password":"p"}}}"#

    private func path(_ answer: TestAPI.Client.Answer) -> String {
        "/api/2.0/notification-destinations/" + (answer["id"]?.stringValue ?? "")
    }

    @Test("what is made can be read, changed, listed and removed; secrets never come back")
    func lifeCycle() async throws {
        try await TestAPI.run { _, client in
            let made = try await client.post("notification-destinations", webhook)
            #expect(made.status == 200)
            #expect(made["destination_type"] == .string("WEBHOOK"))
            #expect(made["config", "generic_webhook", "password_set"] == .bool(true))
            #expect(!made.text.contains("example.com") && !made.text.contains("\"p\""))
            let got = try await client.send(.get, path(made))
            #expect(got.text == made.text)
            let changed = try await client.send(.patch, path(made), #"{"display_name":"night","id":"other"}"#)
            #expect(changed["display_name"] == .string("night"))
            #expect(changed["config", "generic_webhook", "url_set"] == .bool(true))
            let list = try await client.get("notification-destinations")
            #expect(list["results"]?.arrayValue?.last?["display_name"] == .string("night"))
            #expect(try await client.send(.delete, path(made)).text == "{}")
            let gone = try await client.send(.get, path(made))
            #expect(gone.status == 404 && gone.errorCode == "RESOURCE_DOES_NOT_EXIST")
            #expect(try await client.send(.delete, path(made)).status == 404)
            #expect(try await client.send(.put, path(made)).headers[.allow] == "DELETE, GET, PATCH")
        }
    }

    @Test("C3: a job may name it while it exists, and holds it")
    func references() async throws {
        try await TestAPI.run { _, client in
            let made = try await client.post("notification-destinations", webhook)
            let job = """
                {"existing_cluster_id":"default","spark_python_task":{"python_file":"dbfs:/a.py"},
                "webhook_notifications":{"on_start":[{"id":"\(made["id"]?.stringValue ?? "")"}]}}
                """
            #expect(try await client.post("jobs/create", job).status == 200)
            let held = try await client.send(.delete, path(made))
            #expect(held.status == 400 && held.errorCode == "INVALID_STATE")
            #expect(held.message.contains("job 1"))
            _ = try await client.post("jobs/delete", #"{"job_id":1}"#)
            #expect(try await client.send(.delete, path(made)).status == 200)
            #expect(try await client.post("jobs/create", job).message.contains("was not found."))
        }
    }

    @Test(
        "refused",
        arguments: [
            (#"{"config":{"email":{"addresses":["a@b.c"]}}}"#, "display_name"), (#"{"display_name":"x"}"#, "config"),
            (#"{"display_name":"x","config":{}}"#, "Exactly one of email"),
            (#"{"display_name":"x","config":{"email":{"addresses":["a"]}}}"#, "config.email.addresses[0]"),
            (#"{"display_name":"x","config":{"slack":{}}}"#, "config.slack.url"),
            (#"{"display_name":"x","config":{"slack":{"url":"ftp://x"}}}"#, "config.slack.url"),
            (#"{"display_name":"x","config":{"microsoft_teams":{"app_id":"a"}}}"#, "config.microsoft_teams.url"),
            (#"{"display_name":"x","config":{"pagerduty":{}}}"#, "config.pagerduty.integration_key"),
            (#"{"display_name":"x","config":{"generic_webhook":{"url":"x"}}}"#, "config.generic_webhook.url"),
        ])
    func refused(_ body: String, _ names: String) async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.post("notification-destinations", body)
            #expect(answer.status == 400)
            #expect(answer.message.contains(names), "\(answer.message)")
        }
    }

    @Test("others than administrators see the list, and change nothing")
    func permissions() async throws {
        try await TestAPI.run { api, client in
            let made = try await client.post("notification-destinations", webhook)
            let ann = client.with(token: api.userToken)
            #expect(try await ann.post("notification-destinations", webhook).status == 403)
            #expect(try await ann.send(.patch, path(made), #"{"display_name":"x"}"#).status == 403)
            #expect(try await ann.send(.delete, path(made)).status == 403)
            let seen = try await ann.send(.get, path(made))
            #expect(seen.status == 200 && seen["config"] == nil)
        }
    }
}
