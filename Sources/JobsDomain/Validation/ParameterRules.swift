// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// "These parameters accept only Latin characters (ASCII character set)": said of python_params, spark_submit_params
/// and "ParamPair", not of jar_params.
public enum ParameterRules {
    public static func validateASCII(_ parameters: RunParameters, _ context: RuleContext) {
        switch parameters {
        case .jar: break
        case .notebook(let map): validateASCII(map, context, member: parameters.memberName)
        case .python(let list), .sparkSubmit(let list):
            for (index, text) in list.enumerated() { context.ascii("\(parameters.memberName)[\(index)]", text) }
        }
    }

    public static func validateASCII(_ map: [String: String], _ context: RuleContext, member: String) {
        for (key, value) in map.sorted(by: { $0.key < $1.key }) {
            context.ascii("\(member).\(key)", key)
            context.ascii("\(member).\(key)", value)
        }
    }
}
