// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import scala.Option;

/**
 * Set as spark.extraListeners, writes spark.json once the application of this driver has started:
 * {"application_id": "...", "ui_url": "http://..." or null}. Never fails the application.
 */
public final class RunListener extends SparkListener {
    private static final long MAX_WAIT_MILLIS = 60_000;

    @Override
    public void onApplicationStart(SparkListenerApplicationStart event) {
        if (!TaskFiles.areWanted()) {
            return;
        }
        try {
            Thread writer = new Thread(() -> writeAddress(event.appId()), "lamplighter-run-listener");
            writer.setDaemon(true);
            writer.start();
        } catch (Throwable e) {
            System.err.println("lamplighter: cannot report the Spark application: " + e);
        }
    }

    /**
     * The event is posted while the SparkContext is still being made, and only the finished context knows the UI's
     * address: the id is written at once, the address as soon as there is one.
     */
    private static void writeAddress(Option<String> appId) {
        try {
            String id = appId.isDefined() ? appId.get() : null;
            write(id, null);
            long end = System.currentTimeMillis() + MAX_WAIT_MILLIS;
            while (System.currentTimeMillis() < end) {
                Option<SparkContext> context = SparkContext$.MODULE$.getActive();
                if (context.isDefined() && context.get().applicationId().equals(id)) {
                    Option<String> url = context.get().uiWebUrl();
                    if (url.isDefined()) {
                        write(id, url.get());
                    }
                    return;
                }
                Thread.sleep(20);
            }
        } catch (Throwable e) {
            System.err.println("lamplighter: cannot report the Spark application: " + e);
        }
    }

    private static void write(String id, String url) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("application_id", id);
        values.put("ui_url", url);
        TaskFiles.write("spark.json", values);
    }
}
