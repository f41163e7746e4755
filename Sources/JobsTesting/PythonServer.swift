// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// What `make setup` has installed.
public enum InstalledRuntime {
    public static var path: String {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "/root") + "/.local/share"
        return environment["LAMPLIGHTER_RUNTIME"] ?? data + "/lamplighter/runtime"
    }
}

/// A server on a free port, written in Python; it ends with its last reference.
public final class PythonServer: Sendable {
    /// The words of the first line that the program has printed.
    public let greeting: [String]
    private let process: Process

    public init(_ program: String, _ arguments: [String]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: InstalledRuntime.path + "/venv/bin/python")
        process.arguments = ["-c", program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw NeverHappened(description: "the server did not start") }
            line += more
        }
        greeting = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    deinit { kill(process.processIdentifier, SIGKILL) }
}

/// An S3 service of PyPI's moto.
public final class MotoServer: Sendable {
    public let url: String
    public let accessKeyID: String
    public let secretAccessKey: String
    private let server: PythonServer

    /// - Parameters:
    ///   - objects: the text of each, by its key.
    ///   - checksSignatures: whether requests have to be signed with the access key. Otherwise any key is good.
    public init(bucket: String, objects: [String: String], checksSignatures: Bool = false) throws {
        let pairs = objects.flatMap { [$0.key, $0.value] }
        server = try PythonServer(Self.program, [checksSignatures ? "check" : "", bucket] + pairs)
        (url, accessKeyID, secretAccessKey) = (server.greeting[0], server.greeting[1], server.greeting[2])
    }

    private static let program = """
        import json, sys, time
        import boto3, moto.settings
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        url = "http://%s:%s" % server.get_host_and_port()
        access = dict(endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
        s3, iam = boto3.client("s3", **access), boto3.client("iam", **access)
        check, bucket, *pairs = sys.argv[1:]
        s3.create_bucket(Bucket=bucket)
        for key, text in zip(pairs[::2], pairs[1::2]):
            s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        iam.create_user(UserName="user")
        iam.put_user_policy(UserName="user", PolicyName="policy", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName="user")["AccessKey"]
        if check:
            moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0
        print(url, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
        while True:
            time.sleep(3600)
        """
}
