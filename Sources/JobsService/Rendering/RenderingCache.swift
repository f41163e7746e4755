// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// The versions of the Jobs API. Each shows the same settings in its own form.
public enum APIVersion: Hashable, Sendable {
    case v2_0
}

/// What an API version shows of settings, as JSON text. It is made when it is asked for, so a member that a new release
/// shows appears on old jobs as well.
protocol SettingsRendering: Sendable {
    init(_ settings: JobSettings, _ version: APIVersion)
    /// Bytes of text.
    var size: Int { get }
}

/// Renderings by definition and API version. A definition never changes, so its renderings do not either.
final class RenderingCache<Rendering: SettingsRendering>: Sendable {
    private struct Key: Hashable {
        let definition: DefinitionID
        let version: APIVersion
    }

    private let cache = BoundedCache<Key, Rendering>(limit: 4 * 1024 * 1024)

    func rendering(of definition: JobDefinition, _ version: APIVersion = .v2_0) -> Rendering {
        let key = Key(definition: definition.id, version: version)
        if let known = cache.value(key) { return known }
        let rendering = Rendering(definition.settings, version)
        cache.insert(rendering, for: key, cost: rendering.size)
        return rendering
    }
}

/// The members of "Run" that come from settings.
struct RunRendering: SettingsRendering {
    let task: String
    let clusterSpec: String
    let schedule: String?

    init(_ settings: JobSettings, _ version: APIVersion) {
        switch version {
        case .v2_0:
            task = JSONWriter.text { writer in writer.object { settings.firstTask?.task.write(to: &$0) } }
            clusterSpec = JSONWriter.text { writer in writer.object { settings.firstTask?.writeClusterSpec(to: &$0) } }
            schedule = settings.schedule.map { schedule in JSONWriter.text { $0.object(schedule.write) } }
        }
    }

    var size: Int { task.utf8.count + clusterSpec.utf8.count + (schedule?.utf8.count ?? 0) }
}
