// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import scala.Option;

/**
 * Runs a program's main method as a Spark driver: {@code JarMain MAIN_CLASS [ARGS...]}.
 *
 * <p>The system property lamplighter.properties names a file whose spark.* settings become system properties before the
 * program starts (a SparkConf reads them there), so that no value shows on a command line. lamplighter.jars lists the
 * library jars, which are on the class path already and which executors get through spark.jars.
 *
 * <p>The exit code is 0 when main returned, 1 after an uncaught exception (error.json then says which), and the
 * program's own where it calls System.exit. A thread left behind does not keep the run alive.
 */
public final class JarMain {
    private static final int MAX_TRACE = 1 << 20;

    private JarMain() {}

    public static void main(String[] args) {
        if (args.length == 0) {
            fail("usage: JarMain MAIN_CLASS [ARGS...]", "no main class was given");
        }
        try {
            loadSettings();
        } catch (IOException | IllegalArgumentException e) {
            fail("cannot read the Spark settings of this run: " + e.getMessage(), "");
        }
        Method main = findMain(args[0]);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            endBy(e.getCause());
        } catch (IllegalAccessException | RuntimeException e) {
            endBy(e);
        }
        stopSpark();
        System.exit(0);
    }

    private static void loadSettings() throws IOException {
        String file = System.clearProperty("lamplighter.properties");
        String jars = System.clearProperty("lamplighter.jars");
        Properties settings = new Properties();
        if (file != null) {
            try (InputStreamReader reader = new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8)) {
                settings.load(reader);
            }
        }
        for (String name : settings.stringPropertyNames()) {
            // What the command line says (spark.driver.extraJavaOptions may hold a -D) wins, as with spark-submit.
            if (name.startsWith("spark.") && System.getProperty(name) == null) {
                System.setProperty(name, settings.getProperty(name).trim());
            }
        }
        if (jars != null && !jars.isEmpty()) {
            Set<String> all = new LinkedHashSet<>();
            Collections.addAll(all, System.getProperty("spark.jars", "").split(","));
            Collections.addAll(all, jars.split(":"));
            all.remove("");
            System.setProperty("spark.jars", String.join(",", all));
        }
        setIfAbsent("spark.master", "local[*]");
        setIfAbsent("spark.submit.deployMode", "client");
    }

    private static void setIfAbsent(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    private static Method findMain(String name) {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        setIfAbsent("spark.app.name", name);
        try {
            Method main = Class.forName(name, false, loader).getMethod("main", String[].class);
            if (!Modifier.isStatic(main.getModifiers())) {
                fail("the main method of class " + name + " is not static", "");
            }
            // A public method of a class that is not public itself is a valid main, as for `java`.
            main.setAccessible(true);
            return main;
        } catch (ClassNotFoundException e) {
            fail("main class " + name + " is in none of the run's jar libraries", trace(e));
        } catch (NoSuchMethodException e) {
            fail("class " + name + " has no public static void main(String[])", trace(e));
        } catch (LinkageError e) {
            fail("main class " + name + " cannot be loaded: " + e, trace(e));
        }
        throw new AssertionError("not reached");
    }

    /** Ends the process for a reason that lies before the program's own code. */
    private static void fail(String error, String trace) {
        System.err.println("Error: " + error);
        writeError(error, trace);
        System.exit(1);
    }

    private static void endBy(Throwable error) {
        removeOwnFrames(error, Collections.newSetFromMap(new IdentityHashMap<>()));
        writeError(error.toString(), trace(error));
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        try {
            if (handler != null) {
                handler.uncaughtException(thread, error);
            } else {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                error.printStackTrace();
            }
        } finally {
            System.exit(1);
        }
    }

    private static void writeError(String error, String trace) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("error", error);
        values.put("error_trace", trace);
        TaskFiles.write("error.json", values);
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        StringBuffer buffer = text.getBuffer();
        return buffer.length() <= MAX_TRACE ? buffer.toString() : buffer.substring(0, MAX_TRACE) + "\n...";
    }

    /** Cuts what lies below the program's main: reflection and this class. The JVM would not show it either. */
    private static void removeOwnFrames(Throwable error, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return;
        }
        StackTraceElement[] frames = error.getStackTrace();
        int end = frames.length;
        if (end > 0 && frames[end - 1].getClassName().equals(JarMain.class.getName())) {
            while (end > 0 && isOwn(frames[end - 1].getClassName())) {
                end--;
            }
            error.setStackTrace(Arrays.copyOf(frames, end));
        }
        removeOwnFrames(error.getCause(), seen);
        for (Throwable suppressed : error.getSuppressed()) {
            removeOwnFrames(suppressed, seen);
        }
    }

    private static boolean isOwn(String className) {
        return className.equals(JarMain.class.getName())
            || className.startsWith("java.lang.reflect.")
            || className.startsWith("jdk.internal.reflect.");
    }

    /** Stopping here, and not in a shutdown hook, lets the event log and the cluster manager see a good end. */
    private static void stopSpark() {
        try {
            Option<SparkContext> context = SparkContext$.MODULE$.getActive();
            if (context.isDefined()) {
                context.get().stop();
            }
        } catch (Throwable e) {
            System.err.println("lamplighter: the SparkContext could not be stopped: " + e);
        }
    }
}
