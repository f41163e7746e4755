public struct DBFS: Sendable { public init(root: String, uploads: String) throws {} }
