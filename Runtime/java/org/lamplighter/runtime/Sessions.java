// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import org.apache.spark.sql.classic.SparkSession;

/** Holds the session of a notebook while its Python process restarts. */
public final class Sessions {
    private static volatile SparkSession kept;

    private Sessions() {}

    public static void keep(SparkSession session) {
        kept = session;
    }

    /** The session that was kept last; null if there was none. */
    public static SparkSession kept() {
        return kept;
    }
}
