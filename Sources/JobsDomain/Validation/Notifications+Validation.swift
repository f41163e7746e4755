// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Contract C3: "The on_start, on_success, and on_failure fields accept only Latin characters (ASCII character set)."
extension JobEmailNotifications {
    func validate(_ context: RuleContext) {
        let lists = [
            ("on_start", onStart), ("on_success", onSuccess), ("on_failure", onFailure),
            ("on_duration_warning_threshold_exceeded", onDurationWarningThresholdExceeded),
        ]
        for (event, addresses) in lists {
            for (index, address) in (addresses ?? []).enumerated() where !Self.isAddress(address) {
                context.invalid(
                    "\(event)[\(index)]", given: "\"\(address)\"",
                    allowed: "an e-mail address in ASCII characters, such as someone@example.com")
            }
        }
    }

    /// The dot-atom form of RFC 5322 with the lengths of RFC 5321: what mail servers take; quoted local parts and
    /// address literals, which the RFC knows too, are nearly always mistakes.
    public static func isAddress(_ address: String) -> Bool {
        guard address.utf8.count <= 254, let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = address.utf8[..<at]
        let domain = address.utf8[address.utf8.index(after: at)...]
        return local.count <= 64 && isDotted(local, allowing: isAtomCharacter)
            && isDotted(domain, allowing: { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") })
            && domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                label.count <= 63 && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            }
    }

    private static func isDotted(_ text: Substring.UTF8View, allowing: (UInt8) -> Bool) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy(allowing)
        }
    }

    private static let atomPunctuation = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    private static func isAtomCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || atomPunctuation.contains(byte)
    }
}

/// Contract C3: "A maximum of 3 destinations can be specified" for each event.
extension WebhookNotifications {
    static let maxDestinations = 3

    /// The destinations by event, in the order of the specification.
    var lists: [(event: String, webhooks: [Webhook])] {
        [
            ("on_start", onStart ?? []), ("on_success", onSuccess ?? []), ("on_failure", onFailure ?? []),
            ("on_duration_warning_threshold_exceeded", onDurationWarningThresholdExceeded ?? []),
        ]
    }

    func validate(_ context: RuleContext) {
        for (event, webhooks) in lists {
            context.atMost(Self.maxDestinations, "destinations", in: event, given: webhooks.count)
        }
    }
}

/// Contract C4.
extension JobsHealthRules {
    func validate(_ context: RuleContext) {
        for (index, rule) in (rules ?? []).enumerated() {
            let context = context.at("rules[\(index)]")
            if !rule.metric.isEmpty { context.oneOf("metric", rule.metric, ["RUN_DURATION_SECONDS"]) }
            if !rule.operator.isEmpty { context.oneOf("operator", rule.operator, ["GREATER_THAN"]) }
            context.range("value", rule.value, 1...Int32.max)
        }
    }
}
