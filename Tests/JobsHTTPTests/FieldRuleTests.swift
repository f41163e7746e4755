// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore
import Testing

/// A fault in a create request: what is changed in a good one, and what the message must name.
struct Fault: Sendable, CustomTestStringConvertible {
    let rule: String
    /// Members over those of a good request; `nil`-like `""` removes one.
    let members: [String: String]
    let names: String

    init(_ rule: String, _ members: [String: String], names: String) {
        self.rule = rule
        self.members = members
        self.names = names
    }

    var testDescription: String { "\(rule): \(members)" }

    private static let good = [
        "new_cluster": #"{"spark_version":"x","num_workers":1,"node_type_id":"n"}"#,
        "spark_python_task": #"{"python_file":"dbfs:/a.py"}"#,
    ]

    var body: String {
        let merged = Self.good.merging(members) { $1 }.filter { !$0.value.isEmpty }
        return "{" + merged.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}

private func cluster(_ members: String) -> [String: String] {
    ["new_cluster": "{\"spark_version\":\"x\",\"node_type_id\":\"n\",\(members)}"]
}

private func libraries(_ library: String) -> [String: String] { ["libraries": "[\(library)]"] }

private func aws(_ members: String) -> [String: String] {
    cluster("\"num_workers\":1,\"aws_attributes\":{\(members)}")
}

private func keys(_ count: Int) -> String {
    "\"num_workers\":1,\"ssh_public_keys\":[" + (0..<count).map { "\"k\($0)\"" }.joined(separator: ",") + "]"
}

private func tags(_ count: Int) -> String {
    "\"num_workers\":1,\"custom_tags\":{" + (0..<count).map { "\"k\($0)\":\"\"" }.joined(separator: ",") + "}"
}

private func tag(_ key: String, _ value: String) -> String {
    "\"num_workers\":1,\"custom_tags\":{\"\(key)\":\"\(value)\"}"
}

private func task(_ name: String, _ task: String) -> [String: String] {
    ["new_cluster": "", "spark_python_task": "", name: task]
}

private func notebook(_ members: String) -> [String: String] {
    ["spark_python_task": "", "notebook_task": "{\(members)}"]
}

private func email(_ members: String) -> [String: String] { ["email_notifications": "{\(members)}"] }

private func health(_ rule: String) -> [String: String] { ["health": "{\"rules\":[{\(rule)}]}"] }

private func webhooks(_ event: String, _ count: Int) -> [String: String] {
    [
        "webhook_notifications": "{\"\(event)\":["
            + (0..<count).map { _ in #"{"id":"w"}"# }.joined(separator: ",") + "]}"
    ]
}

private func shell(_ members: String) -> [String: String] {
    ["spark_python_task": "", "shell_command_task": "{\(members)}"]
}

private let submitTask = [
    "spark_python_task": "", "spark_submit_task": #"{"parameters":["--class","A","dbfs:/a.jar"]}"#,
]

@Suite("C: field rules, each with what it refuses")
struct FieldRuleTests {
    static let faults: [Fault] = [
        Fault("C1", ["timeout_seconds": "-1"], names: "timeout_seconds"),
        Fault("C1", ["timeout_seconds": "2147483648"], names: "timeout_seconds"),
        Fault("C1", ["max_retries": "-2"], names: "max_retries"),
        Fault("C1", ["min_retry_interval_millis": "-1"], names: "min_retry_interval_millis"),
        Fault("C1", ["max_concurrent_runs": "-1"], names: "max_concurrent_runs"),
        Fault("C1", ["max_concurrent_runs": "1001"], names: "max_concurrent_runs"),
        Fault("C1", ["retry_on_timeout": "\"yes\""], names: "retry_on_timeout"),
        Fault("B1", ["new_cluster": ""], names: "Either new_cluster or existing_cluster_id must be specified."),
        Fault("B1", ["existing_cluster_id": "\"x\""], names: "not both"),
        Fault("B1", ["new_cluster": "", "existing_cluster_id": "\"\""], names: "existing_cluster_id"),
        Fault("B1", ["spark_python_task": ""], names: "Exactly one of notebook_task"),
        Fault("B1", ["notebook_task": #"{"notebook_path":"/a"}"#], names: "notebook_task, spark_python_task"),
        Fault("B1", ["spark_python_task": "{}"], names: "spark_python_task.python_file"),
        Fault("B1", ["spark_python_task": "[]"], names: "spark_python_task"),
        Fault("B1", ["spark_python_task": "", "spark_jar_task": "{}"], names: "spark_jar_task.main_class_name"),
        Fault("B1", ["spark_python_task": #"{"python_file":"a.py"}"#], names: "spark_python_task.python_file"),
        Fault("B1", ["spark_python_task": "", "shell_command_task": "{}"], names: "shell_command_task.command"),
        Fault("B1", shell(#""command":[]"#), names: "shell_command_task.command"),
        Fault("B1", shell(#""command":[""]"#), names: "shell_command_task.command[0]"),
        Fault("B1", shell(#""command":["sh"],"env_vars":{"A=B":"c"}"#), names: "shell_command_task.env_vars"),
        Fault("B1", ["spark_python_task": #"{"python_file":"file:/etc/x.py"}"#], names: "allow-local-files"),
        Fault(
            "C6", submitTask.merging(["new_cluster": "", "existing_cluster_id": "\"x\""]) { $1 },
            names: "Spark submit task is not allowed on existing cluster."),
        Fault("C6", submitTask.merging(libraries(#"{"jar":"dbfs:/x.jar"}"#)) { $1 }, names: "libraries"),
        Fault(
            "C6", submitTask.merging(cluster(#""num_workers":1,"spark_conf":{"a":"b"}"#)) { $1 },
            names: "new_cluster.spark_conf"),
        Fault(
            "C6", ["spark_python_task": "", "spark_submit_task": #"{"parameters":["--master","local"]}"#],
            names: "--master"),
        Fault(
            "C6", ["spark_python_task": "", "spark_submit_task": #"{"parameters":["--deploy-mode=cluster"]}"#],
            names: "--deploy-mode"),
        Fault(
            "C6", ["spark_python_task": "", "spark_submit_task": #"{"parameters":["--executor-cores","2"]}"#],
            names: "--executor-cores"),
        Fault("C7", ["new_cluster": #"{"num_workers":1,"node_type_id":"n"}"#], names: "new_cluster.spark_version"),
        Fault("C7", ["new_cluster": "{}"], names: "Missing required field: settings.cluster_spec.new_cluster.size"),
        Fault("C7", ["new_cluster": #"{"spark_version":"x","num_workers":1}"#], names: "new_cluster.node_type_id"),
        Fault("C7", cluster(#""num_workers":-1"#), names: "new_cluster.num_workers"),
        Fault(
            "C7", cluster(#""num_workers":1,"autoscale":{"min_workers":1,"max_workers":2}"#),
            names: "num_workers, autoscale"),
        Fault(
            "C7", cluster(#""autoscale":{"min_workers":2,"max_workers":2}"#), names: "new_cluster.autoscale.max_workers"
        ),
        Fault("C7", cluster(#""autoscale":{"min_workers":2}"#), names: "new_cluster.autoscale.max_workers"),
        Fault("C7", cluster(#""num_workers":1,"driver_instance_pool_id":"p""#), names: "driver_instance_pool_id"),
        Fault("C7", cluster(#""num_workers":1,"cluster_log_conf":{}"#), names: "new_cluster.cluster_log_conf"),
        Fault(
            "C7", cluster(#""num_workers":1,"cluster_log_conf":{"s3":{"destination":"s3://b"}}"#),
            names: "new_cluster.cluster_log_conf.s3.region"),
        Fault(
            "C7", cluster(#""num_workers":1,"cluster_log_conf":{"dbfs":{}}"#),
            names: "new_cluster.cluster_log_conf.dbfs.destination"),
        Fault("C7", cluster(#""num_workers":1,"init_scripts":[{}]"#), names: "new_cluster.init_scripts[0]"),
        Fault(
            "C7",
            cluster(
                #""num_workers":1,"init_scripts":[{"dbfs":{"destination":"dbfs:/a"},"file":{"destination":"file:/a"}}]"#
            ), names: "new_cluster.init_scripts[0]"),
        Fault(
            "C7", ["new_cluster": #"{"num_workers":1,"node_type_id":"n","spark_version":""}"#],
            names: "new_cluster.spark_version"),
        Fault("C7", cluster(#""autoscale":{"max_workers":2}"#), names: "new_cluster.autoscale.min_workers"),
        Fault(
            "C7", cluster(#""autoscale":{"min_workers":-1,"max_workers":2}"#),
            names: "new_cluster.autoscale.min_workers: -1. Allowed: 0 or more"),
        Fault("C7", cluster(#""num_workers":[]"#), names: "new_cluster.num_workers"),
        Fault("C7", cluster(keys(11)), names: "new_cluster.ssh_public_keys: 11 keys. Allowed: at most 10"),
        Fault("C7", cluster(tags(46)), names: "new_cluster.custom_tags: 46 tags. Allowed: at most 45"),
        Fault("C7", cluster(tag("", "v")), names: "new_cluster.custom_tags"),
        Fault("C7", cluster(tag(String(repeating: "ü", count: 128), "v")), names: "128 characters"),
        Fault("C7", cluster(tag("k", String(repeating: "ü", count: 256))), names: "new_cluster.custom_tags.k"),
        Fault("C7", aws(#""first_on_demand":-1"#), names: "new_cluster.aws_attributes.first_on_demand"),
        Fault("C7", aws(#""availability":"CHEAP""#), names: "SPOT, ON_DEMAND, SPOT_WITH_FALLBACK"),
        Fault("C7", aws(#""spot_bid_price_percent":0"#), names: "spot_bid_price_percent: 0. Allowed: 1 to 10000"),
        Fault("C7", aws(#""spot_bid_price_percent":10001"#), names: "spot_bid_price_percent: 10001"),
        Fault("C7", aws(#""ebs_volume_type":"FLOPPY""#), names: "GENERAL_PURPOSE_SSD, THROUGHPUT_OPTIMIZED_HDD"),
        Fault("C7", aws(#""ebs_volume_count":11"#), names: "ebs_volume_count: 11. Allowed: 0 to 10"),
        Fault("C7", aws(#""ebs_volume_size":99"#), names: "ebs_volume_size: 99. Allowed: 100 to 4096"),
        Fault("C7", aws(#""ebs_volume_size":4097"#), names: "ebs_volume_size: 4097"),
        Fault(
            "C7", aws(#""ebs_volume_type":"THROUGHPUT_OPTIMIZED_HDD","ebs_volume_size":499"#),
            names: "ebs_volume_size: 499. Allowed: 500 to 4096"),
        Fault("C7", aws(#""ebs_volume_iops":2999"#), names: "ebs_volume_iops: 2999. Allowed: 3000 to 16000"),
        Fault("C7", aws(#""ebs_volume_iops":16001"#), names: "ebs_volume_iops: 16001"),
        Fault("C7", aws(#""ebs_volume_throughput":124"#), names: "ebs_volume_throughput: 124. Allowed: 125 to 1000"),
        Fault("C7", aws(#""ebs_volume_throughput":1001"#), names: "ebs_volume_throughput: 1001"),
        Fault(
            "C7", cluster(#""num_workers":1,"cluster_log_conf":{"dbfs":{"destination":"/logs"}}"#),
            names: "new_cluster.cluster_log_conf.dbfs.destination"),
        Fault(
            "C7", cluster(#""num_workers":1,"cluster_log_conf":{"dbfs":{"destination":"dbfs:/a/../b"}}"#), names: ".."),
        Fault(
            "C7", cluster(#""num_workers":1,"init_scripts":[{"workspace":{"destination":"a.sh"}}]"#),
            names: "new_cluster.init_scripts[0].workspace.destination"),
        Fault("C5", cluster(#""num_workers":1,"spark_env_vars":{"A":"é"}"#), names: "new_cluster.spark_env_vars.A"),
        Fault("C5", cluster(#""num_workers":1,"spark_env_vars":{"É":"e"}"#), names: "new_cluster.spark_env_vars.É"),
        Fault("C5", notebook(#""notebook_path":"a""#), names: "notebook_task.notebook_path"),
        Fault("C5", notebook(""), names: "notebook_task.notebook_path"),
        Fault("C5", notebook(#""notebook_path":"/a/../../b""#), names: "notebook_task.notebook_path"),
        Fault("C5", notebook(#""notebook_path":"/a","base_parameters":{"k":"日"}"#), names: "base_parameters.k"),
        Fault("C5", notebook(#""notebook_path":"/a","base_parameters":{"日":"v"}"#), names: "base_parameters.日"),
        Fault("C5", notebook(#""notebook_path":"/a","revision_timestamp":-1"#), names: "revision_timestamp"),
        Fault("C3", email(#""on_start":["someone"]"#), names: "email_notifications.on_start[0]"),
        Fault("C3", email(#""on_success":["a@b.c","ü@b.c"]"#), names: "email_notifications.on_success[1]"),
        Fault("C3", email(#""on_failure":["a b@c.d"]"#), names: "email_notifications.on_failure[0]"),
        Fault(
            "C3", email(#""on_duration_warning_threshold_exceeded":["@b.c"]"#),
            names: "on_duration_warning_threshold_exceeded[0]"),
        Fault(
            "C3", webhooks("on_start", 4), names: "webhook_notifications.on_start: 4 destinations. Allowed: at most 3"),
        Fault("C3", webhooks("on_failure", 1), names: "Webhook with id 'w' was not found."),
        Fault("C3", ["webhook_notifications": #"{"on_start":[{}]}"#], names: "webhook_notifications.on_start[0].id"),
        Fault("C4", health(#""metric":"X","operator":"GREATER_THAN","value":1"#), names: "health.rules[0].metric"),
        Fault(
            "C4", health(#""metric":"RUN_DURATION_SECONDS","operator":"LESS_THAN","value":1"#),
            names: "health.rules[0].operator"),
        Fault(
            "C4", health(#""metric":"RUN_DURATION_SECONDS","operator":"GREATER_THAN","value":0"#),
            names: "health.rules[0].value"),
        Fault(
            "C4", health(#""metric":"RUN_DURATION_SECONDS","operator":"GREATER_THAN""#), names: "health.rules[0].value"),
        Fault("C9", task("run_job_task", #"{"job_id":99}"#), names: "Job 99 does not exist."),
        Fault("C9", task("run_job_task", "{}"), names: "run_job_task.job_id"),
        Fault("C9", task("pipeline_task", #"{"pipeline_id":"p"}"#), names: "Pipeline 'p' does not exist."),
        Fault("C8", libraries("{}"), names: "libraries[0]"),
        Fault("C8", libraries(#"{"jar":"dbfs:/a.jar","egg":"dbfs:/a.egg"}"#), names: "jar, egg"),
        Fault("C8", libraries(#"{"jar":"dbfs:/a.jar"},{"pypi":{}}"#), names: "libraries[1].pypi.package"),
        Fault("C8", libraries(#"{"pypi":{"package":""}}"#), names: "libraries[0].pypi.package"),
        Fault("C8", libraries(#"{"maven":{"coordinates":"a:b"}}"#), names: "libraries[0].maven.coordinates"),
        Fault("C8", libraries(#"{"maven":{}}"#), names: "libraries[0].maven.coordinates"),
        Fault("C8", libraries(#"{"cran":{}}"#), names: "libraries[0].cran.package"),
        Fault("C8", libraries(#"{"whl":"dbfs:/x.whl"}"#), names: "libraries[0].whl"),
        Fault("C8", libraries(#"{"whl":"dbfs:/a-1-py3-none.whl"}"#), names: "libraries[0].whl"),
        Fault("C8", libraries(#"{"jar":""}"#), names: "libraries[0].jar"),
        Fault("C8", ["libraries": "{}"], names: "libraries"),
    ]

    @Test("refused by create, reset, update and submit alike, and nothing is changed", arguments: faults)
    func refused(_ fault: Fault) async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", Fault("", [:], names: "").body)
            let before = try await client.get("jobs/get?job_id=1")
            var answers = [
                try await client.post("jobs/create", fault.body),
                try await client.post("jobs/reset", "{\"job_id\":1,\"new_settings\":\(fault.body)}"),
            ]
            // Which a run that is submitted does not have: unknown there (contract A1).
            if fault.names != "max_concurrent_runs" {
                answers.append(try await client.post("jobs/runs/submit", fault.body))
            }
            for answer in answers {
                #expect(answer.status == 400)
                #expect(["INVALID_PARAMETER_VALUE", "MALFORMED_REQUEST"].contains(answer.errorCode ?? ""))
                #expect(answer.message.contains(fault.names), "\(answer.message)")
            }
            #expect(try await client.get("jobs/get?job_id=1").text == before.text)
            #expect(try await client.get("jobs/list")["jobs"]?.arrayValue?.count == 1)
            #expect(try await client.get("jobs/runs/list")["runs"]?.arrayValue?.isEmpty == true)
        }
    }

    @Test(
        "accepted at the limits",
        arguments: [
            ["timeout_seconds": "0"], ["timeout_seconds": "2147483647"], ["max_retries": "-1"],
            ["max_concurrent_runs": "0"],
            ["max_concurrent_runs": "1000"], ["max_concurrent_runs": "\"1000\""], ["retry_on_timeout": "\"True\""],
            cluster(#""num_workers":0"#), cluster(#""autoscale":{"min_workers":0,"max_workers":1}"#),
            libraries(
                #"{"whl":"dbfs:/a-1-py3-none-any.whl"},{"whl":"dbfs:/a-1-2b-py3-none-any.whl"},{"whl":"dbfs:/x.wheelhouse.zip"}"#
            ),
            libraries(
                #"{"maven":{"coordinates":"org.jsoup:jsoup:1.7.2","exclusions":["*:x"]}},{"cran":{"package":"p"}}"#),
            submitTask, cluster(keys(10)), cluster(tags(45)),
            cluster(tag(String(repeating: "ü", count: 127), String(repeating: "ü", count: 255))), cluster(tag("k", "")),
            aws(
                #""spot_bid_price_percent":1,"ebs_volume_count":10,"ebs_volume_iops":16000,"ebs_volume_throughput":125"#
            ),
            aws(
                #""spot_bid_price_percent":10000,"ebs_volume_count":0,"ebs_volume_iops":3000,"ebs_volume_throughput":1000"#
            ),
            aws(#""ebs_volume_type":"GENERAL_PURPOSE_SSD","ebs_volume_size":100,"availability":"SPOT""#),
            aws(#""ebs_volume_type":"THROUGHPUT_OPTIMIZED_HDD","ebs_volume_size":4096,"availability":"ON_DEMAND""#),
            cluster(
                #""num_workers":1,"cluster_log_conf":{"s3":{"destination":"s3://b","warehouse":"https://w"}},"init_scripts":[{"workspace":{"destination":"/a"}},{"file":{"destination":"file:/a"}},{"s3":{"destination":"s3://b","region":"r"}}]"#
            ),
            notebook(#""notebook_path":"/a b/ü","base_parameters":{"k":"v"},"revision_timestamp":1"#),
            email(#""on_start":["someone@example.com","o'hara+x@sub.example.co"],"no_alert_for_skipped_runs":true"#),
            health(#""metric":"RUN_DURATION_SECONDS","operator":"GREATER_THAN","value":1"#),
            [
                "spark_python_task": "",
                "spark_jar_task": #"{"main_class_name":"A","parameters":["日本"],"jar_uri":"dbfs:/a.jar"}"#,
            ],
            [
                "new_cluster":
                    #"{"spark_version":"x","num_workers":1,"instance_pool_id":"p","driver_instance_pool_id":"q"}"#
            ],
        ] as [[String: String]])
    func accepted(_ members: [String: String]) async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.post("jobs/create", Fault("", members, names: "").body)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("several faults are named in one message: of types, values and references")
    func several() async throws {
        try await TestAPI.run { _, client in
            let body = Fault(
                "",
                [
                    "timeout_seconds": "-1", "max_retries": "-9", "email_notifications": "[]",
                    "webhook_notifications": #"{"on_start":[{"id":"nobody"}]}"#,
                ], names: ""
            ).body
            _ = try await client.post("jobs/create", Fault("", [:], names: "").body)
            for answer in [
                try await client.post("jobs/create", body), try await client.post("jobs/runs/submit", body),
                try await client.post("jobs/reset", "{\"job_id\":1,\"new_settings\":\(body)}"),
                try await client.post("jobs/update", "{\"job_id\":1,\"new_settings\":\(body)}"),
            ] {
                for name in ["timeout_seconds", "max_retries", "field ", "email_notifications", "'nobody'"] {
                    #expect(answer.message.contains(name), "\(answer.message)")
                }
            }
        }
    }

    @Test("C9: jobs that run each other in a circle are refused, however long the way round")
    func circles() async throws {
        try await TestAPI.run { _, client in
            func runJob(_ id: Int) -> String { "{\"run_job_task\":{\"job_id\":\(id)}}" }
            _ = try await client.post("jobs/create", Fault("", [:], names: "").body)
            for target in 1...3 {
                let created = try await client.post("jobs/create", runJob(target))
                #expect(created.status == 200, "\(created.text)")
            }
            let itself = try await client.post("jobs/reset", "{\"job_id\":4,\"new_settings\":\(runJob(4))}")
            #expect(itself.message.contains("4 -> 4") && itself.message.contains("new_settings.run_job_task.job_id"))
            for path in ["jobs/reset", "jobs/update"] {
                let round = try await client.post(
                    path, "{\"job_id\":1,\"new_settings\":\(runJob(4)),\"fields_to_remove\":[\"new_cluster\"]}")
                #expect(round.status == 400)
                #expect(round.message.contains("1 -> 4 -> 3 -> 2 -> 1"), "\(round.message)")
            }
            #expect(try await client.post("jobs/reset", "{\"job_id\":4,\"new_settings\":\(runJob(1))}").status == 200)
            _ = try await client.post("jobs/delete", #"{"job_id":1}"#)
            #expect(try await client.post("jobs/create", runJob(1)).message.contains("Job 1 does not exist."))
        }
    }

    @Test("C9: of two requests that would close a circle together only one is accepted")
    func concurrentCircle() async throws {
        try await TestAPI.run { _, client in
            for _ in 1...2 { _ = try await client.post("jobs/create", Fault("", [:], names: "").body) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (job, target) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await client.post(
                            "jobs/reset",
                            "{\"job_id\":\(job),\"new_settings\":{\"run_job_task\":{\"job_id\":\(target)}}}"
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 400])
        }
    }

    @Test("file:/ is for administrators of a server that allows it")
    func localFiles() async throws {
        let body = #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"file:/x/a.py"}}"#
        try await TestAPI.run(allowsLocalFiles: true) { api, client in
            let byAdmin = try await client.post("jobs/create", body)
            #expect(byAdmin.status == 200)
            let ann = client.with(token: api.userToken)
            #expect(try await ann.post("jobs/create", body).status == 400)
            let update = #"{"job_id":1,"new_settings":{"spark_python_task":{"python_file":"file:/y.py"}}}"#
            #expect(try await ann.post("jobs/update", update).status == 400)
        }
    }
}
