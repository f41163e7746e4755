// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files by which a task tells the server about itself. They lie in the directory named by the environment variable
 * LAMPLIGHTER_TASK_DIR; without it nothing is written. A reader never sees half a file.
 */
final class TaskFiles {
    private TaskFiles() {}

    static boolean areWanted() {
        String directory = System.getenv("LAMPLIGHTER_TASK_DIR");
        return directory != null && !directory.isEmpty();
    }

    /** Writes an object of strings (or nulls) as JSON. A failure is reported and never fails the program. */
    static void write(String name, Map<String, String> values) {
        if (!areWanted()) {
            return;
        }
        StringBuilder json = new StringBuilder("{");
        for (Map.Entry<String, String> entry : values.entrySet()) {
            json.append(json.length() > 1 ? ", " : "");
            appendString(json, entry.getKey());
            json.append(": ");
            appendString(json, redacted(entry.getValue()));
        }
        json.append("}\n");
        try {
            Path target = Path.of(System.getenv("LAMPLIGHTER_TASK_DIR"), name);
            Path draft = Files.createTempFile(target.getParent(), "." + name, ".tmp");
            Files.write(draft, json.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            System.err.println("lamplighter: cannot write " + name + ": " + e);
        }
    }

    /** Without values of secrets in the settings of the run's cluster; the supervisor sees to output. */
    private static String redacted(String value) {
        if (value == null) {
            return null;
        }
        List<String> secrets = new ArrayList<>();
        System.getenv().forEach((name, secret) -> {
            if (name.startsWith("LAMPLIGHTER_REDACT_") && !secret.isEmpty()) {
                secrets.add(secret);
            }
        });
        // The longest first: one may hold another.
        secrets.sort((one, other) -> other.length() - one.length());
        for (String secret : secrets) {
            value = value.replace(secret, "[REDACTED]");
        }
        return value;
    }

    private static void appendString(StringBuilder json, String value) {
        if (value == null) {
            json.append("null");
            return;
        }
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"': json.append("\\\""); break;
                case '\\': json.append("\\\\"); break;
                case '\n': json.append("\\n"); break;
                default:
                    // Escaping surrogates too keeps a lone one from becoming invalid UTF-8.
                    if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
            }
        }
        json.append('"');
    }
}
