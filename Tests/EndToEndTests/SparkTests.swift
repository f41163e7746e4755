// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

@Suite("Real Spark", .serialized)
struct SparkTests {
    private static let cluster =
        #""new_cluster":{"spark_version":"x","num_workers":2,"node_type_id":"n","spark_conf":{"spark.sql.shuffle.partitions":"3"},"spark_env_vars":{"GREETING":"hello"}}"#

    @Test("a Python job with a wheel reads from DBFS, computes with 2 workers, and get-output shows the result")
    func python() async throws {
        let end = try await EndToEnd()
        try await end.client.upload((1...1000).map(String.init).joined(separator: "\n"), to: "/input/numbers.txt")
        let wheel = try Self.makeWheel(in: end.directory.path)
        try FileManager.default.copyItem(
            atPath: wheel, toPath: end.server.data + "/dbfs/" + (wheel as NSString).lastPathComponent)
        let run = try await end.submit(
            python: """
                import os, sys, tripler
                from pyspark.sql.functions import col, udf
                spark.sparkContext.setLogLevel("ERROR")
                triple = udf(tripler.triple, "int")
                numbers = spark.read.text("dbfs:/input").select(col("value").cast("int").alias("n"))
                print("sum", numbers.select(triple("n").alias("t")).agg({"t": "sum"}).first()[0])
                print("partitions", spark.conf.get("spark.sql.shuffle.partitions"), os.environ["GREETING"])
                print("executors", len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1)
                """, cluster: Self.cluster,
            more: ",\"libraries\":[{\"whl\":\"dbfs:/\((wheel as NSString).lastPathComponent)\"}]")
        let state = try await end.client.ended(run)
        let outputText = try await end.output(of: run).text
        #expect(state["state", "result_state"] == .string("SUCCESS"), "\(outputText)")
        let logs = try await end.logs(of: run)
        #expect(logs.contains("sum 1501500\n"))
        #expect(logs.contains("partitions 3 hello\n"))
        #expect(logs.contains("executors 2\n"))
        #expect(state["cluster_instance", "spark_context_id"]?.stringValue?.hasPrefix("app-") == true)
        let durations = ["setup_duration", "execution_duration", "cleanup_duration"].map {
            state[$0]?.integerValue ?? 0
        }
        #expect(durations.allSatisfy { $0 > 0 })
        #expect(
            durations.reduce(0, +)
                == (state["end_time"]?.integerValue ?? 0) - (state["start_time"]?.integerValue ?? 0))
        #expect(processes(marked: end.server.data + "/runs").isEmpty, "the cluster was not torn down")
        end.server.stop()
    }

    @Test("a JAR compiled here from Java, with a jar library, reads from DBFS and computes with 2 workers")
    func jar() async throws {
        let end = try await EndToEnd()
        try await end.client.upload((1...100).map(String.init).joined(separator: "\n"), to: "/input/numbers.txt")
        let directory = end.directory.path
        try Self.makeJar(
            "lib",
            "package lib; public class Doubler implements java.io.Serializable { public static long twice(long n) { return 2 * n; } }",
            classPath: "", in: directory)
        try Self.makeJar(
            "job",
            """
            package job;
            import org.apache.spark.sql.*;
            public class Main {
              public static void main(String[] args) {
                SparkSession spark = SparkSession.builder().config(org.apache.spark.SparkContext.getOrCreate().getConf()).getOrCreate();
                long sum = spark.read().textFile("dbfs:/input/numbers.txt")
                  .map((org.apache.spark.api.java.function.MapFunction<String, Long>) s -> lib.Doubler.twice(Long.parseLong(s)), Encoders.LONG())
                  .reduce((org.apache.spark.api.java.function.ReduceFunction<Long>) Long::sum);
                System.out.println("sum " + sum + " for " + String.join(",", args) + " on " + spark.sparkContext().master());
                if (args.length > 1) throw new IllegalStateException("boom " + args[1]);
              }
            }
            """, classPath: directory + "/lib.jar", in: directory)
        for name in ["lib", "job"] {
            try FileManager.default.copyItem(
                atPath: "\(directory)/\(name).jar", toPath: "\(end.server.data)/dbfs/\(name).jar")
        }
        let job = try #require(
            try await end.post(
                "jobs/create",
                "{\(Self.cluster),\"libraries\":[{\"jar\":\"dbfs:/job.jar\"},{\"jar\":\"dbfs:/lib.jar\"}],\"spark_jar_task\":{\"main_class_name\":\"job.Main\",\"parameters\":[\"unused\"]}}"
            )["job_id"]?.integerValue)
        let run = try await end.runNow(job, #","jar_params":["{{run_id}}"]"#)
        let state = try await end.client.ended(run)
        let outputText = try await end.output(of: run).text
        #expect(state["state", "result_state"] == .string("SUCCESS"), "\(outputText)")
        #expect(try await end.logs(of: run).contains("sum 10100 for \(run) on spark://"))
        #expect(state["cluster_instance", "spark_context_id"]?.stringValue?.hasPrefix("app-") == true)

        let failing = try await end.submitJar(parameters: ["a", "b"])
        let failed = try await end.client.ended(failing)
        #expect(failed["state", "result_state"] == .string("FAILED"))
        #expect(failed["state", "state_message"] == .string("java.lang.IllegalStateException: boom b"))
        let output = try await end.output(of: failing)
        #expect(output["error_trace"]?.stringValue?.contains("at job.Main.main") == true)
        end.server.stop()
    }

    @Test("spark-submit with files from DBFS, in local mode")
    func sparkSubmit() async throws {
        let end = try await EndToEnd()
        try await end.client.upload(
            "import helper, sys\nfrom pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nprint('count', helper.rows(spark), sys.argv[1], spark.conf.get('spark.my.setting'))\nspark.stop()",
            to: "/submit/main.py")
        try await end.client.upload("def rows(spark): return spark.range(42).count()", to: "/submit/helper.py")
        let answer = try await end.post(
            "jobs/runs/submit",
            #"{"new_cluster":{"spark_version":"x","num_workers":0,"node_type_id":"n"},"spark_submit_task":{"parameters":["--py-files","dbfs:/submit/helper.py","--conf","spark.my.setting=7","dbfs:/submit/main.py","{{run_id}}"]}}"#
        )
        let run = try #require(answer["run_id"]?.integerValue)
        let state = try await end.client.ended(run)
        let outputText = try await end.output(of: run).text
        #expect(state["state", "result_state"] == .string("SUCCESS"), "\(outputText)")
        #expect(try await end.logs(of: run).contains("count 42 \(run) 7\n"))
        #expect(state["cluster_instance", "spark_context_id"]?.stringValue?.hasPrefix("local-") == true)
        end.server.stop()
    }

    /// A wheel of one module, by pip from sources.
    private static func makeWheel(in directory: String) throws -> String {
        let source = directory + "/tripler"
        try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
        try "def triple(n):\n    return 3 * n\n".write(
            toFile: source + "/tripler.py", atomically: true, encoding: .utf8)
        try "from setuptools import setup\nsetup(name='tripler', version='1.0', py_modules=['tripler'])\n".write(
            toFile: source + "/setup.py", atomically: true, encoding: .utf8)
        try execute(
            EndToEnd.runtime + "/venv/bin/python", ["setup.py", "--quiet", "bdist_wheel", "--dist-dir", directory],
            in: source)
        return directory + "/tripler-1.0-py3-none-any.whl"
    }

    private static func makeJar(_ name: String, _ source: String, classPath: String, in directory: String) throws {
        let root = "\(directory)/\(name)-classes"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let file = source.contains("class Main") ? "Main.java" : "Doubler.java"
        try source.write(toFile: "\(root)/\(file)", atomically: true, encoding: .utf8)
        try execute("javac", ["-cp", "\(EndToEnd.runtime)/spark/jars/*:\(classPath)", "-d", root, "\(root)/\(file)"])
        try execute("jar", ["cf", "\(directory)/\(name).jar", "-C", root, name])
    }
}

extension EndToEnd {
    /// The JAR of the tests in local mode.
    func submitJar(parameters: [String]) async throws -> Int64 {
        let list = parameters.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try await post(
            "jobs/runs/submit",
            "{\"existing_cluster_id\":\"default\",\"libraries\":[{\"jar\":\"dbfs:/job.jar\"},{\"jar\":\"dbfs:/lib.jar\"}],\"spark_jar_task\":{\"main_class_name\":\"job.Main\",\"parameters\":[\(list)]}}"
        )
        return try #require(answer["run_id"]?.integerValue)
    }
}
