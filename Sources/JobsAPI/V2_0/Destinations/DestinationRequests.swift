// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// `POST notification-destinations`.
public struct CreateDestinationRequest: APIRequest {
    public let displayName: String
    public let config: DestinationConfig?

    public init(reading reader: ObjectReader) {
        displayName = reader.requiredString("display_name")
        config = reader.structure("config")
        if !reader.has("config") { reader.missing("config") }
    }
}

/// `PATCH notification-destinations/{id}`: what is given replaces what was.
public struct UpdateDestinationRequest: APIRequest {
    public let id: String
    public let displayName: String?
    public let config: DestinationConfig?

    public init(reading reader: ObjectReader) {
        id = reader.requiredString("id")
        displayName = reader.string("display_name")
        config = reader.structure("config")
    }
}

/// `GET` and `DELETE notification-destinations/{id}`.
public struct DestinationIDRequest: APIRequest {
    public let id: String

    public init(reading reader: ObjectReader) { id = reader.requiredString("id") }
}

/// An endpoint without parameters; some clients send paging parameters where there is only one page.
public struct EmptyRequest: APIRequest {
    public init(reading reader: ObjectReader) {
        _ = reader.string("page_token")
        _ = reader.int32("page_size")
    }
}
