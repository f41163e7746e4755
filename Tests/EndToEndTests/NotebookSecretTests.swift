// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

extension EndToEnd {
    func putSecret(_ value: String, _ key: String = "k", scope: String = "s") async throws {
        _ = try await client.post("/api/2.0/secrets/scopes/create", #"{"scope":"\#(scope)"}"#)
        _ = try await post("secrets/put", #"{"scope":"\#(scope)","key":"\#(key)","string_value":"\#(value)"}"#)
    }

    /// A new cluster whose spark_conf and spark_env_vars refer to secrets.
    static func cluster(conf: String = "{}", variables: String = "{}", workers: Int = 0) -> String {
        """
        "new_cluster":{"spark_version":"x","node_type_id":"n","num_workers":\(workers),
        "spark_conf":\(conf),"spark_env_vars":\(variables)}
        """
    }

    func submit(notebook path: String, cluster: String) async throws -> Int64 {
        let answer = try await post(
            "jobs/runs/submit", #"{\#(cluster),"notebook_task":{"notebook_path":"\#(path)"}}"#)
        return try #require(answer["run_id"]?.integerValue)
    }

    /// The files of the data directory, and the server's log, that hold a text. Links are not followed.
    func files(with text: String) throws -> [String] {
        let found = try execute(
            "sh", ["-c", "grep -r -a -l -F -e \"$0\" \"$1\" \"$1.log\" || test $? = 1", text, server.data])
        return found.split(separator: "\n").map(String.init)
    }

    /// Spark's settings of runs, in memory.
    func memoryFiles() throws -> [String] {
        try execute("find", [server.data + "/runs", "-type", "l", "-name", "spark.properties"])
            .split(separator: "\n").map { try FileManager.default.destinationOfSymbolicLink(atPath: String($0)) }
    }
}

@Suite("G4: secrets stay secret")
struct NotebookSecretTests {
    @Test("a secret that was put, read, printed, set in Spark and in the environment, and in an error, is nowhere")
    func nowhere() async throws {
        let end = try await EndToEnd()
        let secret = "Hush" + UUID().uuidString
        let other = "Psst" + UUID().uuidString
        try await end.putSecret(secret)
        try await end.putSecret(other, "other")
        try await end.importNotebook(
            [
                "value = dbutils.secrets.get('s', 'k')\nprint(value)\ndisplayHTML(f'<b>{value}</b>')\nvalue",
                "import os\nprint(spark.conf.get('spark.my.secret'), os.environ['SECRET'])\nspark.range(3).count()",
                "print([name for name in os.environ if name.startswith('LAMPLIGHTER_REDACT')])",
                "%sh echo $SECRET; echo $SECRET >&2",
                """
                import subprocess
                os.environ['VALUE'] = value
                os.system('echo past Python: $SECRET $VALUE'); _ = subprocess.run(['echo', value])
                def fail(_): raise ValueError(value)
                try: spark.range(1).rdd.map(fail).collect()
                except Exception: pass
                import atexit; atexit.register(lambda: print('at the end:', value))
                """,
                "%sql SELECT '${spark.my.secret}' AS a, 1 AS b",
                EndToEnd.waiting(for: "go"),
                "print(dbutils.notebook.run('/child', 0, {'given': f'<{value}>'}))",
                "raise ValueError('it was ' + os.environ['SECRET'] + value)",
            ], at: "/secrets")
        try await end.importNotebook(
            [
                "given = dbutils.widgets.get('given')\nprint(given, len(given))",
                "dbutils.notebook.exit(str(len(given)) + given)",
            ], at: "/child")
        let cluster = EndToEnd.cluster(
            conf: #"{"spark.my.secret":"<{{secrets/s/other}}>"}"#, variables: #"{"SECRET":"{{secrets/S/other}}"}"#)
        let run = try await end.submit(notebook: "/secrets", cluster: cluster)
        _ = try await eventually("the seventh cell") {
            let cells = try await end.cells(of: run)
            return cells.count == 9 && cells[6].state == "RUNNING" ? true : nil
        }
        let inMemory = try end.memoryFiles()
        #expect(inMemory.count == 1)
        #expect(try inMemory.allSatisfy { try String(contentsOfFile: $0, encoding: .utf8).contains(other) })
        // A copy of all that, put where the search looks, too.
        let backup = end.server.data + "/dbfs/backup.tar"
        try execute(ServerProcess.programs + "/lamplighter", ["backup", backup, "--data", end.server.data])
        for value in [secret, other] { #expect(try end.files(with: value) == []) }
        try await end.open("go")
        #expect(try await end.client.ended(run)["state", "result_state"] == .string("FAILED"))
        let cells = try await end.cells(of: run)
        #expect(cells[0].text.contains("[REDACTED]\n"))
        #expect(cells[1].text.contains("<[REDACTED]> [REDACTED]\n"))
        #expect(cells[2].text == "[]\n")
        #expect(cells[3].text == "[REDACTED]\n[REDACTED]\n")
        #expect(try await end.output(of: run)["error"] == .string("ValueError: it was [REDACTED][REDACTED]"))
        #expect(cells[4].text.contains("past Python: [REDACTED] [REDACTED]\n[REDACTED]\n"))
        let logs = try await end.logs(of: run)
        #expect(logs.contains("ValueError: [REDACTED]") && logs.contains("at the end: [REDACTED]\n"))
        let length = secret.count + 2
        #expect(cells[7].text.hasSuffix("\(length)<[REDACTED]>\n"))
        let child = run + 1
        #expect(try await end.cells(of: child)[0].text == "<[REDACTED]> \(length)\n")

        var answers: [String] = []
        for path in [
            "jobs/runs/get?run_id=\(run)", "jobs/runs/get-output?run_id=\(run)", "jobs/runs/cells?run_id=\(run)",
            "jobs/runs/export?run_id=\(run)&views_to_export=ALL", "jobs/runs/export?run_id=\(run)&format=JUPYTER",
            "jobs/runs/export?run_id=\(run)&format=MARKDOWN", "jobs/runs/list", "secrets/list?scope=s",
            "jobs/runs/get?run_id=\(child)", "jobs/runs/get-output?run_id=\(child)", "jobs/runs/cells?run_id=\(child)",
        ] {
            answers.append(try await end.get(path).text)
        }
        answers.append(try await end.client.get("/metrics").text)
        #expect(answers.allSatisfy { !$0.isEmpty })
        for value in [secret, other] {
            #expect(answers.allSatisfy { !$0.contains(value) })
            #expect(!answers.contains { $0.contains(Data(value.utf8).base64EncodedString()) })
        }
        end.server.stop()
        for value in [secret, other] { #expect(try end.files(with: value) == []) }
        #expect(inMemory.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    }

    @Test("a run that outlives its server still finds its settings, and the next server removes them")
    func restart() async throws {
        let first = try await EndToEnd()
        try await first.putSecret("Hush" + UUID().uuidString)
        let gate = EndToEnd.waiting(for: "go")
        try await first.importNotebook(
            [gate, "dbutils.notebook.exit(str(len(spark.conf.get('spark.my.secret'))))"], at: "/patient")
        let run = try await first.submit(
            notebook: "/patient", cluster: EndToEnd.cluster(conf: #"{"spark.my.secret":"{{secrets/s/k}}"}"#))
        _ = try await eventually("the first cell") {
            try await first.cells(of: run).first?.state == "RUNNING" ? true : nil
        }
        let inMemory = try first.memoryFiles()
        first.server.kill()
        let elsewhere = try TemporaryDirectory()
        let second = try await EndToEnd(after: first, environment: ["XDG_RUNTIME_DIR": elsewhere.path])
        try await second.open("go")
        #expect(try await second.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await second.output(of: run)["notebook_output", "result"] == .string("40"))
        #expect(inMemory.count == 1 && inMemory.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
        second.server.stop()
    }

    @Test("programs, masters and workers get the values; the setting shows the reference")
    func programs() async throws {
        let end = try await EndToEnd()
        let secret = "Hush" + UUID().uuidString
        try await end.putSecret(secret)
        let cluster = EndToEnd.cluster(
            conf: #"{"spark.my.secret":"{{secrets/s/k}}"}"#, variables: #"{"SECRET":"{{secrets/s/k}}"}"#, workers: 1)
        let run = try await end.submit(
            python: """
                import hashlib, os
                digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
                print(digest(os.environ["SECRET"]), digest(spark.conf.get("spark.my.secret")))
                print(sc.parallelize([1], 1).map(lambda _: digest(os.environ["SECRET"])).collect()[0])
                """, cluster: cluster)
        let ended = try await end.client.ended(run)
        #expect(ended["state", "result_state"] == .string("SUCCESS"))
        #expect(ended["cluster_spec", "new_cluster", "spark_env_vars", "SECRET"] == .string("{{secrets/s/k}}"))
        let digest = try execute("sh", ["-c", "printf %s \"$0\" | sha256sum", secret]).prefix(64)
        #expect(try await end.logs(of: run).hasPrefix("\(digest) \(digest)\n\(digest)\n"))
        #expect(try end.files(with: secret) == [])
        end.server.stop()
    }

    @Test("programs may print what they like, and fail with it: it is shown, and stored, as [REDACTED]")
    func talkative() async throws {
        let end = try await EndToEnd()
        let secret = "Hush" + UUID().uuidString
        try await end.putSecret(secret)
        let run = try await end.submit(
            python: """
                import os
                for letter in os.environ["SECRET"]: print(letter, end="", flush=True)
                print()
                print([name for name in os.environ if "REDACT" in name])
                raise ValueError(os.environ["SECRET"])
                """, cluster: EndToEnd.cluster(variables: #"{"SECRET":"{{secrets/s/k}}"}"#))
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("FAILED"))
        #expect(state["state", "state_message"] == .string("ValueError: [REDACTED]"))
        let output = try await end.output(of: run)
        #expect(output["logs"]?.stringValue?.hasPrefix("[REDACTED]\n[]\n") == true)
        #expect(output["error_trace"]?.stringValue?.hasSuffix("ValueError: [REDACTED]\n") == true)
        #expect(!output.text.contains(secret))
        #expect(try end.files(with: secret) == [])
        end.server.stop()
    }

    @Test("a reference that cannot be read fails the run and is named; the owner's permissions count")
    func unreadable() async throws {
        let end = try await EndToEnd()
        let secret = "Hush" + UUID().uuidString
        try await end.putSecret(secret)
        try await end.importNotebook(["print(1)"], at: "/plain")
        let absent = try await end.submit(
            notebook: "/plain", cluster: EndToEnd.cluster(variables: #"{"A":"{{secrets/s/none}}"}"#))
        let run = try await end.client.ended(absent)
        #expect(run["state", "life_cycle_state"] == .string("INTERNAL_ERROR"))
        #expect(
            run["state", "state_message"]
                == .string(
                    "The secret {{secrets/s/none}} of new_cluster.spark_env_vars.A cannot be read: "
                        + "there is no such secret."))
        #expect(try await end.cells(of: absent).allSatisfy { $0.state != "FINISHED" })

        let token = try execute(
            ServerProcess.programs + "/lamplighter",
            ["token", "create", "--data", end.server.data, "--user", "ann", "--days", "1"]
        ).split(whereSeparator: \.isWhitespace).first { $0.count > 20 }
        let ann = APIClient(baseURL: end.server.baseURL, token: String(try #require(token)))
        let cluster = EndToEnd.cluster(conf: #"{"spark.a":"{{secrets/s/k}}"}"#)
        let body = #"{\#(cluster),"notebook_task":{"notebook_path":"/plain"}}"#
        func submitByAnn() async throws -> APIClient.Answer {
            let run = try #require(try await ann.post("/api/2.0/jobs/runs/submit", body)["run_id"]?.integerValue)
            return try await end.client.ended(run)
        }
        let refused = try await submitByAnn()["state", "state_message"]?.stringValue ?? ""
        #expect(refused.contains("{{secrets/s/k}} of new_cluster.spark_conf.spark.a cannot be read"))
        #expect(refused.contains("ann does not have READ permission on scope s"))
        _ = try await end.post("secrets/acls/put", #"{"scope":"s","principal":"ann","permission":"READ"}"#)
        #expect(try await submitByAnn()["state", "result_state"] == .string("SUCCESS"))
        end.server.stop()
        #expect(try end.files(with: secret) == [])
    }
}
