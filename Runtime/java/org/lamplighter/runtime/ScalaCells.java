// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.classic.SparkSession;
import scala.Console;
import scala.Option;
import scala.collection.immutable.List;
import scala.jdk.javaapi.CollectionConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.Results;
import scala.tools.nsc.interpreter.shell.ReplReporterImpl;
import scala.tools.nsc.interpreter.shell.ShellConfig$;

/**
 * The interpreter of a notebook's Scala cells: Scala's own, as spark-shell has it, in the JVM of the notebook's Spark.
 * There is one; Python makes it with the first cell, and finds it again after a restart.
 */
public final class ScalaCells {
    private static final String PRELUDE = String.join("\n",
        "@transient val spark = org.lamplighter.runtime.ScalaCells.session()",
        "@transient val sc = spark.sparkContext",
        "@transient val sqlContext = spark.sqlContext",
        "@transient val dbutils = org.lamplighter.runtime.ScalaCells.utils()",
        "def display(value: Any): Unit = org.lamplighter.runtime.ScalaCells.display(value)",
        "def displayHTML(html: String): Unit = org.lamplighter.runtime.ScalaCells.displayHTML(html)",
        "def getArgument(name: String, default: String): String = dbutils.widgets.getArgument(name, default)",
        "def getArgument(name: String): String = dbutils.widgets.get(name)");
    private static final String IMPORTS = String.join("\n",
        "import org.apache.spark.SparkContext._",
        "import spark.implicits._",
        "import spark.sql",
        "import org.apache.spark.sql.functions._");

    private static final Pattern LINE_CLASS = Pattern.compile("^\\$line(\\d+)\\.");

    private static SparkSession session;
    private static NotebookUtils utils;
    private static ScalaCells current;

    private final IMain interpreter;
    private final StringWriter messages = new StringWriter();
    /** The exception of an earlier cell, which the interpreter remembers. */
    private Object reported;

    /** {@code classes} is the directory in which executors look for the classes of cells. */
    public static synchronized ScalaCells get(SparkSession session, NotebookCalls calls, String classes) {
        if (current == null) {
            current = new ScalaCells(session, calls, classes);
        }
        utils.calls = calls;
        return current;
    }

    private ScalaCells(SparkSession session, NotebookCalls calls, String classes) {
        ScalaCells.session = session;
        ScalaCells.utils = new NotebookUtils(calls);
        Settings settings = new Settings();
        settings.processArguments(List.from(CollectionConverters.asScala(java.util.List.of(
            "-Yrepl-class-based", "-Yrepl-outdir", classes, "-classpath", classPath(session)))), true);
        ReplReporterImpl reporter =
            new ReplReporterImpl(ShellConfig$.MODULE$.apply(settings), settings, new PrintWriter(messages, true));
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        interpreter = new IMain(settings, Option.apply(loader), settings, reporter);
        reporter.printResults_$eq(false);
        check(interpreter.interpret(PRELUDE));
        check(interpreter.interpret(IMPORTS));
        reporter.printResults_$eq(true);
        messages.getBuffer().setLength(0);
    }

    private void check(Results.Result result) {
        if (result != Results.Success$.MODULE$) {
            throw new IllegalStateException("Scala cells cannot be prepared: " + messages);
        }
    }

    private static String classPath(SparkSession session) {
        StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
        for (String jar : session.sparkContext().getConf().get("spark.jars", "").split(",")) {
            if (!jar.isBlank()) {
                path.append(':').append(jar.strip().replaceFirst("^file:(//)?", ""));
            }
        }
        return path.toString();
    }

    /**
     * Runs a cell. What it prints goes to the file or pipe {@code output} as it comes. The answer begins with '=' when
     * it succeeded, '!' when it failed, '?' when the source ends too early; then follows what Scala says of it. Where an
     * exception is known to come from a line of this cell, "!LINE!" stands in front, counted from 1.
     */
    public String run(String source, String output) throws IOException {
        messages.getBuffer().setLength(0);
        PrintStream systemOut = System.out;
        int before = interpreter.lastRequest().lineRep().lineId();
        Results.Result result;
        try (PrintStream stream = new PrintStream(
            new BufferedOutputStream(new FileOutputStream(output), 8192), true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            interpreter.setContextClassLoader();
            result = Console.withOut(stream, () -> Console.withErr(stream, () -> interpreter.interpret(source)));
        } finally {
            System.setOut(systemOut);
        }
        char mark = result == Results.Success$.MODULE$ ? '=' : result == Results.Incomplete$.MODULE$ ? '?' : '!';
        int line = mark == '!' ? lineOfException(before) : 0;
        return (line > 0 ? "!" + line : "") + mark + messages.toString();
    }

    /**
     * Of the call in the cell itself, as deep as it goes; 0 where the cell was not compiled, or nobody knows. The classes
     * of cells have numbers; {@code before} is the highest of those before this one.
     */
    private int lineOfException(int before) {
        Object thrown = interpreter.valueOfTerm("lastException").getOrElse(() -> null);
        if (!(thrown instanceof Throwable) || thrown == reported) {
            return 0;
        }
        reported = thrown;
        for (Throwable error = (Throwable) thrown; error != null; error = error.getCause()) {
            for (StackTraceElement frame : error.getStackTrace()) {
                Matcher place = LINE_CLASS.matcher(frame.getClassName());
                if (place.find() && Integer.parseInt(place.group(1)) > before && frame.getLineNumber() > 0) {
                    return frame.getLineNumber();
                }
            }
        }
        return 0;
    }

    // --- for the prelude ---

    public static SparkSession session() {
        return session;
    }

    public static NotebookUtils utils() {
        return utils;
    }

    public static void display(Object value) {
        utils.call("display", value instanceof org.apache.spark.sql.Dataset ? value : String.valueOf(value));
    }

    public static void displayHTML(String html) {
        utils.call("displayHTML", html);
    }
}
